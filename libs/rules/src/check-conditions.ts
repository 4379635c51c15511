// Whether conditions are sound: everything that is wrong with them, each with its place and reason.
import type { Problem } from '@sluice/contracts';
import { readConditions } from './read-conditions.ts';

/** Problems of a rule's conditions as JSON.parse made them; none when the list is empty. Takes anything, never throws. */
export const checkConditions = (conditions: unknown): Problem[] => readConditions(conditions).problems;

// All scenarios, in the order of the reliability goals.
import type { Scenario } from '../scenario.ts';
import { parked } from './parked.ts';
import { r1 } from './r1.ts';
import { r10 } from './r10.ts';
import { r11 } from './r11.ts';
import { r12 } from './r12.ts';
import { r13 } from './r13.ts';
import { r14 } from './r14.ts';
import { r15 } from './r15.ts';
import { r17 } from './r17.ts';
import { r18 } from './r18.ts';
import { r19 } from './r19.ts';
import { r4 } from './r4.ts';
import { r5 } from './r5.ts';
import { r6 } from './r6.ts';
import { r8 } from './r8.ts';
import { r9 } from './r9.ts';
import { rates } from './rates.ts';
import { s1 } from './s1.ts';
import { s2 } from './s2.ts';
import { s3 } from './s3.ts';
import { s4 } from './s4.ts';
import { slow } from './slow.ts';
import { workspaces } from './workspaces.ts';

export const scenarios: Scenario[] = [
  r1,
  r4,
  r5,
  slow,
  r6,
  r8,
  r9,
  rates,
  r10,
  r11,
  r12,
  r13,
  r14,
  r15,
  r17,
  r18,
  r19,
  parked,
  workspaces,
  s1,
  s2,
  s3,
  s4,
];

// What retry is told: nothing beyond what every service is.
import { serviceConfig } from '@sluice/service/config.ts';

export const configShape = serviceConfig;

// What the router is told: nothing beyond what every service is.
import { serviceConfig } from '@sluice/service';

export const configShape = serviceConfig;

/** How much a viewer can upload. */

export * as UplinkLimits from './limits.js';
export { lowQuantile, UplinkMeter } from './uplink-meter.js';

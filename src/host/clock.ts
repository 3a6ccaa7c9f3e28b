import { type Instant, instant } from '../core/base/time.ts';

/**
 * Now, in milliseconds since 1970. Read from the system's clock once, when the process starts, and counted on
 * from there: somebody who sets the clock of the host neither stops monitors nor makes timeouts expire.
 */
export const now = (): Instant => instant(Math.floor(performance.timeOrigin + performance.now()));

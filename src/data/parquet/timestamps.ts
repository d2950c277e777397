import { formatDate } from '../dates.ts';

const secondsPerDay = 86_400n;
const nanosPerSecond = 1_000_000_000n;

/**
 * How pandas writes a column of timestamps: without the time of day where all are midnight, else with as many digits of
 * a second (0, 3, 6 or 9) as the finest of them needs.
 * @param values ticks since 1970, `perSecond` of them a second
 */
export function timestampFormat(
  values: Iterable<bigint>,
  perSecond: bigint,
  utc: boolean,
): (value: bigint) => string {
  const perDay = secondsPerDay * perSecond;
  let isTimed = utc;
  let digits = 0;
  let step = perSecond;
  for (const value of values) {
    if (value % perDay === 0n) continue;
    isTimed = true;
    for (; value % step !== 0n; step /= 1000n) digits += 3;
  }
  return (value) => {
    const ofDay = ((value % perDay) + perDay) % perDay;
    const date = formatDate(Number((value - ofDay) / perDay));
    return isTimed ? `${date} ${clockTime(ofDay, perSecond, digits)}${utc ? '+00:00' : ''}` : date;
  };
}

/** `hh:mm:ss` with `digits` of a second; without `digits` six where there are any. */
export function clockTime(ticks: bigint, perSecond: bigint, digits?: number): string {
  const seconds = Number(ticks / perSecond);
  const nanos = ((ticks % perSecond) * nanosPerSecond) / perSecond;
  const kept = digits ?? (nanos === 0n ? 0 : 6);
  const fraction = String(nanos).padStart(9, '0').slice(0, kept);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':') + (kept > 0 ? `.${fraction}` : '');
}

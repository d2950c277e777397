import { formatAge } from '../report/numbers.ts';

/** `2026-05-04 10:00 UTC, 3 days old` for a time in ISO 8601. */
export function timeOf(at: string, now: Date): string {
  const utc = new Date(at).toISOString();
  return `${utc.slice(0, 16).replace('T', ' ')} UTC, ${ageOf(at, now)}`;
}

/** How long ago a time in ISO 8601 is. */
export function ageOf(at: string, now: Date): string {
  return formatAge((now.getTime() - new Date(at).getTime()) / 86_400_000);
}

const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

const secondsPerDay = 86_400;

/**
 * Days since 1970-01-01 UTC of an ISO 8601 date (`2019-03-23`) or date-time (`2019-03-23 20:21:09`,
 * `2019-03-23T20:21:09.5+01:00`; without a zone it counts as UTC), the time of day as fraction.
 * NaN for anything else and for days that don't exist.
 */
export function parseDate(text: string): number {
  const match = pattern.exec(text);
  if (!match) return NaN;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  const days = daysOf(Number(year), Number(month), Number(day));
  const offset = zoneMinutes(zone);
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return NaN;
  const minutes = Number(hour) * 60 + Number(minute) - offset;
  return days + (minutes * 60 + Number(second) + Number(`0${fraction}`)) / secondsPerDay;
}

/** The date of a day number as `YYYY-MM-DD`, with `hh:mm:ss` where it isn't midnight. */
export function formatDate(days: number): string {
  const seconds = Math.round(days * secondsPerDay);
  const whole = Math.floor(seconds / secondsPerDay);
  const rest = seconds - whole * secondsPerDay;
  const date = civilOf(whole);
  if (rest === 0) return date;
  return `${date} ${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`;
}

const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Days from 0000-01-01 to the first day of a year, Gregorian throughout. */
function daysBeforeYear(year: number): number {
  const before = year - 1;
  return year * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) + 1;
}

const epochDay = daysBeforeYear(1970);

function daysOf(year: number, month: number, day: number): number {
  if (month < 1 || month > 12) return NaN;
  const leapDay = isLeap(year) ? 1 : 0;
  const length = daysBeforeMonth[month]! - daysBeforeMonth[month - 1]! + (month === 2 ? leapDay : 0);
  if (day < 1 || day > length) return NaN;
  return daysBeforeYear(year) - epochDay + daysBeforeMonth[month - 1]! + (month > 2 ? leapDay : 0) + day - 1;
}

function civilOf(days: number): string {
  let year = 1970 + Math.floor(days / 365.2425);
  while (daysBeforeYear(year) - epochDay > days) year--;
  while (daysBeforeYear(year + 1) - epochDay <= days) year++;
  let month = 1;
  while (month < 12 && daysOf(year, month + 1, 1) <= days) month++;
  const day = days - daysOf(year, month, 1) + 1;
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 14 || minutes > 59) return NaN;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** How `12/31/2024` is to be read; ISO dates, `2024/12/31` and `31.12.2024` need no such word. */
export type DateOrder = 'day-first' | 'month-first';

const clock =
  /^(\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?(?: ?([AaPp])[Mm])?(?: ?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?$/;
const yearFirst = /^(\d{4})([-/])(\d{2})\2(\d{2})$/;
const yearLast = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4})$/;

const secondsPerDay = 86_400;

/**
 * Days since 1970-01-01 UTC of a date, the time of day as fraction: ISO 8601 (`2019-03-23`, `2019-03-23 20:21:09`,
 * `2019-03-23T20:21:09.5+01:00`; without a zone it counts as UTC), `2019/03/23`, `23.3.2019`, and where `order` is given
 * `3/23/2019` or `23-03-2019`. NaN for anything else and for days that don't exist.
 */
export function parseDate(text: string, order?: DateOrder): number {
  const cut = text.search(/[T ]/);
  const days = parseDay(cut < 0 ? text : text.slice(0, cut), order);
  return cut < 0 || Number.isNaN(days) ? days : days + parseClock(text.slice(cut + 1));
}

/** Whether the text is a date that reads differently with the day or the month first. */
export function needsDateOrder(text: string): boolean {
  return Number.isNaN(parseDate(text)) && !Number.isNaN(eitherOrder(text));
}

function eitherOrder(text: string): number {
  const dayFirst = parseDate(text, 'day-first');
  return Number.isNaN(dayFirst) ? parseDate(text, 'month-first') : dayFirst;
}

function parseDay(text: string, order: DateOrder | undefined): number {
  const iso = yearFirst.exec(text);
  if (iso) return daysOf(Number(iso[1]), Number(iso[3]), Number(iso[4]));
  const [, first, separator, second, year] = yearLast.exec(text) ?? [];
  const read = separator === '.' ? 'day-first' : order;
  if (separator === undefined || read === undefined) return NaN;
  const [day, month] = read === 'day-first' ? [first, second] : [second, first];
  return daysOf(Number(year), Number(month), Number(day));
}

/** A time of day with its zone as a fraction of a day. */
function parseClock(text: string): number {
  const match = clock.exec(text);
  if (!match) return NaN;
  const [, hour, minute, second = '0', fraction = '', half, zone = 'Z'] = match;
  const hours = half === undefined ? Number(hour) : twelveHours(Number(hour), half);
  if (!(hours < 24) || Number(minute) > 59 || Number(second) > 59) return NaN;
  const minutes = hours * 60 + Number(minute) - zoneMinutes(zone);
  return (minutes * 60 + Number(second) + Number(`0${fraction}`)) / secondsPerDay;
}

function twelveHours(hour: number, half: string): number {
  if (hour < 1 || hour > 12) return NaN;
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
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
  if (/^[A-Z]/.test(zone)) return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = zone.length > 3 ? Number(zone.slice(-2)) : 0;
  if (hours > 14 || minutes > 59) return NaN;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

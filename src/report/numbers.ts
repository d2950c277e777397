/** Shown where a value is missing or undefined. */
export const missing = '–';
const minus = '\u2212';

/** `1,234,567` */
export function formatCount(count: number): string {
  return formatFixed(count, 0);
}

/** A number with that many decimals, thousands separated; very large ones in powers of ten. */
export function formatFixed(value: number | null, decimals: number): string {
  if (value === null || !Number.isFinite(value)) return missing;
  const size = Math.abs(value);
  if (size >= 1e12) return sign(value) + size.toExponential(3);
  const fixed = size.toFixed(decimals);
  const [whole = '', part] = fixed.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return (Number(fixed) === 0 ? '' : sign(value)) + (part === undefined ? grouped : `${grouped}.${part}`);
}

function sign(value: number): string {
  return value < 0 ? minus : '';
}

/** The same with a plus where it is positive: a difference. */
export function formatSigned(value: number | null, decimals: number): string {
  const shown = formatFixed(value, decimals);
  return value !== null && value > 0 && /[1-9]/.test(shown) ? `+${shown}` : shown;
}

/**
 * Decimals that give the largest of the values four significant digits: 0.2871, 3.214, 48,231 (0.0786 has three).
 * One number for a whole column, so that its digits stand below each other.
 */
export function decimalsFor(values: readonly (number | null)[]): number {
  const most = largest(values);
  return most >= 0.01 && most < 1 ? 4 : decimalsOf(most, 4);
}

/** Decimals for numbers that are shown together in one row: three significant digits of the largest; none for whole ones. */
export function decimalsForPair(values: readonly (number | null)[]): number {
  if (values.every((value) => value === null || Number.isInteger(value))) return 0;
  return decimalsOf(largest(values), 3);
}

function largest(values: readonly (number | null)[]): number {
  return values.reduce<number>((most, value) => {
    const size = value === null || !Number.isFinite(value) ? 0 : Math.abs(value);
    return Math.max(most, size);
  }, 0);
}

function decimalsOf(size: number, digits: number): number {
  if (size === 0) return digits;
  const decimals = digits - 1 - Math.floor(Math.log10(size));
  return Math.min(8, Math.max(0, decimals));
}

/** Two significant digits for a gain on its own: 0.0081, 3.2, 120. */
export function formatGain(value: number | null): string {
  return formatFixed(value, decimalsOf(Math.abs(value ?? 0), 2));
}

/** No-break space: a number and its unit stay on one line. */
const nbsp = '\u00A0';

/** `850 ms`, `12.3 s`, `2 min 5 s`, `1 h 12 min` */
export function formatDuration(milliseconds: number | null): string {
  if (milliseconds === null || !Number.isFinite(milliseconds)) return missing;
  if (milliseconds < 999.5) return `${formatFixed(milliseconds, milliseconds < 9.95 ? 1 : 0)}${nbsp}ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 99.95) return `${formatFixed(seconds, 1)}${nbsp}s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return [Math.floor(whole / 60), 'min', whole % 60, 's'].join(nbsp);
  const minutes = Math.round(seconds / 60);
  return [formatCount(Math.floor(minutes / 60)), 'h', minutes % 60, 'min'].join(nbsp);
}

/** `310 B`, `12.4 kB`, `3.1 MB` (powers of 1,000) */
export function formatBytes(bytes: number | null): string {
  if (bytes === null || !Number.isFinite(bytes)) return missing;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${formatFixed(value, unit > 0 && value < 99.95 ? 1 : 0)}${nbsp}${units[unit]}`;
}

/** `less than a day old`, `1 day old`, `12 days old` */
export function formatAge(days: number): string {
  const whole = Math.floor(days);
  if (whole < 1) return 'less than a day old';
  return whole === 1 ? '1 day old' : `${formatCount(whole)} days old`;
}

/** `1 row`, `2 rows` */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** `p < 0.0001`, `p = 0.03` */
export function formatP(p: number | null): string {
  if (p === null || !Number.isFinite(p)) return `p ${missing}`;
  return p < 0.0001 ? `p${nbsp}<${nbsp}0.0001` : `p${nbsp}=${nbsp}${formatFixed(p, p < 0.01 ? 4 : 2)}`;
}

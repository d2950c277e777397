/** `1,234,567` */
export function formatCount(count: number): string {
  return group(String(Math.round(count)));
}

function group(whole: string): string {
  return whole.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A number with `digits` significant digits and no exponent where it fits: 0.2871, 3.214, 48,230. */
export function formatNumber(value: number, digits = 4): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e12 || size < 1e-6) return value.toExponential(digits - 1);
  const rounded = Number(size.toPrecision(digits));
  const fixed = rounded.toFixed(decimalsOf(rounded, digits));
  const [whole = '', part] = fixed.split('.');
  return `${value < 0 ? '-' : ''}${group(whole)}${part === undefined ? '' : `.${part}`}`;
}

/** `0.2871 against 0.2893`: with as many digits as it takes to tell one from the other. */
export function formatAgainst(own: number, other: number): string {
  const differs = (digits: number): boolean => formatNumber(own, digits) !== formatNumber(other, digits);
  const digits = own === other ? undefined : [4, 5, 6, 7, 8, 9, 10].find(differs);
  return `${formatNumber(own, digits)} against ${formatNumber(other, digits)}`;
}

/** A number that somebody wrote: as few digits as it needs. */
export function formatGiven(value: number): string {
  const [whole = '', part] = String(value).split('.');
  return (whole + (part ?? '')).includes('e')
    ? String(value)
    : `${group(whole)}${part === undefined ? '' : `.${part}`}`;
}

/** Two significant digits: enough for a difference or a bound. */
export function formatDifference(value: number): string {
  return formatNumber(value, 2);
}

/** `0.0021 better`, `0.0021 worse`, `no different` */
export function formatChange(estimate: number): string {
  if (estimate === 0) return 'no different';
  return `${formatDifference(Math.abs(estimate))} ${estimate > 0 ? 'better' : 'worse'}`;
}

/** `0.001 worse to 0.0042 better`, `0.0011 to 0.0042 better` */
export function formatRange(lower: number, upper: number): string {
  if (lower >= 0) return `${formatDifference(lower)} to ${formatDifference(upper)} better`;
  if (upper <= 0) return `${formatDifference(-upper)} to ${formatDifference(-lower)} worse`;
  return `${formatChange(lower)} to ${formatChange(upper)}`;
}

/** `0.0021 better (plausibly 0.001 worse to 0.0042 better)`, `no different` */
export function changePhrase({
  estimate,
  lower,
  upper,
}: Record<'estimate' | 'lower' | 'upper', number>): string {
  if (lower === 0 && upper === 0) return 'no different';
  return `${formatChange(estimate)} (plausibly ${formatRange(lower, upper)})`;
}

/** `2.1%` of a reference, or nothing where that says little. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return '';
  const percent = (Math.abs(part) / Math.abs(whole)) * 100;
  return percent < 1000 ? `${formatNumber(percent, 2)}%` : '';
}

/** `1 row`, `2,000 rows` */
export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Decimals that leave so many significant digits. */
function decimalsOf(value: number, digits: number): number {
  const exponent = Number(value.toExponential().split('e')[1]);
  return Math.max(0, digits - 1 - exponent);
}

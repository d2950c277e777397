import type { DatePart } from '../../contracts/feature.ts';
import type { Formula, Operand } from './formula.ts';

const secondsPerDay = 86_400;
/** A day as fraction is exact to a few microseconds: a time within a millisecond below a full second is that second. */
const slackSeconds = 1 / 1024;

/** A part of a date, given as days since 1970-01-01 with the time of day as fraction. */
export function datePart(formula: Formula, days: Operand, part: DatePart): Operand {
  const exact = formula.binary('Mul', days, secondsPerDay);
  const seconds = formula.unary('Floor', formula.binary('Add', exact, slackSeconds));
  const day = formula.floorDiv(seconds, secondsPerDay);
  if (part === 'hour') {
    const midnight = formula.binary('Mul', day, secondsPerDay);
    return formula.floorDiv(formula.binary('Sub', seconds, midnight), 3600);
  }
  if (part === 'weekday') {
    // Day 0 was a Thursday.
    const sinceMonday = formula.binary('Add', day, 3);
    return formula.binary('Add', remainder(formula, sinceMonday, 7), 1);
  }
  return civilPart(formula, day, part);
}

function remainder(formula: Formula, value: Operand, divisor: number): Operand {
  const whole = formula.binary('Mul', formula.floorDiv(value, divisor), divisor);
  return formula.binary('Sub', value, whole);
}

/**
 * Gregorian year, month or day, with years that begin in March so that leap days come last (Howard Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms", civil_from_days).
 */
function civilPart(formula: Formula, day: Operand, part: 'year' | 'month' | 'day'): Operand {
  const sub = (left: Operand, right: Operand): Operand => formula.binary('Sub', left, right);
  const add = (left: Operand, right: Operand | number): Operand => formula.binary('Add', left, right);
  const times = (left: Operand, factor: number): Operand => formula.binary('Mul', left, factor);
  const shifted = add(day, 719_468);
  const era = formula.floorDiv(shifted, 146_097);
  const dayOfEra = sub(shifted, times(era, 146_097));
  const leapDays = add(
    sub(formula.floorDiv(dayOfEra, 1460), formula.floorDiv(dayOfEra, 36_524)),
    formula.floorDiv(dayOfEra, 146_096),
  );
  const yearOfEra = formula.floorDiv(sub(dayOfEra, leapDays), 365);
  const daysBefore = sub(
    add(times(yearOfEra, 365), formula.floorDiv(yearOfEra, 4)),
    formula.floorDiv(yearOfEra, 100),
  );
  const dayOfYear = sub(dayOfEra, daysBefore);
  const fromMarch = formula.floorDiv(add(times(dayOfYear, 5), 2), 153);
  if (part === 'day') {
    const before = formula.floorDiv(add(times(fromMarch, 153), 2), 5);
    return add(sub(dayOfYear, before), 1);
  }
  const isNextYear = formula.floorDiv(fromMarch, 10);
  if (part === 'month') return add(sub(fromMarch, times(isNextYear, 12)), 3);
  return add(add(yearOfEra, times(era, 400)), isNextYear);
}

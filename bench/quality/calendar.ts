import { readFileSync, writeFileSync } from 'node:fs';

/** Copies a plain CSV file with two columns more: hour and weekday (Monday = 0) of a date column. */
export function withCalendar(from: string, to: string, column: string): void {
  const [header = '', ...lines] = readFileSync(from, 'utf8').trimEnd().split('\n');
  const index = header.split(',').indexOf(column);
  if (index < 0) throw new Error(`${from} has no column ${column}`);
  const rows = lines.map((line) => {
    const moment = new Date(`${line.split(',')[index]!.replace(' ', 'T')}Z`);
    return `${line},${moment.getUTCHours()},${(moment.getUTCDay() + 6) % 7}`;
  });
  writeFileSync(to, `${[`${header},hour,weekday`, ...rows].join('\n')}\n`);
}

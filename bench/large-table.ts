/**
 * A deterministic CSV table of 20 columns in pieces of text: 12 numbers, 5 categories, 2 dates and the target `y`, which
 * depends on two numbers and two categories.
 */
export function* largeTable(rows: number): Iterable<string> {
  let state = 1;
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8;
  const names = Array.from({ length: 19 }, (_, i) => `c${i}`);
  yield `${[...names, 'y'].join(',')}\n`;
  for (let row = 0, text = ''; row < rows; row++) {
    let signal = next() % 1000;
    for (let i = 0; i < 12; i++) {
      const number = next() % (i % 2 ? 1000 : 1e6);
      text += `${i % 2 ? number : number / 1e4},`;
      if (i === 1) signal += number;
      if (i === 2) signal += number > 700_000 ? 400 : 0;
    }
    for (let i = 0; i < 5; i++) {
      const level = next() % (4 + 3 * i);
      text += `level ${level},`;
      if (i < 2) signal += 100 * level;
    }
    for (let i = 0; i < 2; i++) text += `20${10 + (next() % 15)}-0${1 + (next() % 9)}-${10 + (next() % 19)},`;
    text += signal > 1500 ? 'yes\n' : 'no\n';
    if (row % 2000 !== 1999 && row !== rows - 1) continue;
    yield text;
    text = '';
  }
}

import { basename, extname } from 'node:path';
import type { ConfigurationChoices } from './configuration-text.ts';
import { modelNameOf } from './names.ts';
import {
  choiceQuestion,
  columnQuestion,
  dropQuestion,
  modelQuestion,
  roleQuestion,
  type Interview,
} from './questions.ts';
import type { FoundTable } from './read-table.ts';
import { dropUnusable, findRoles, likelyPositive, type Reason } from './roles.ts';
import { targetCandidates } from './targets.ts';

/** Guesses that are shown. */
const shownCandidates = 4;

/** Settles target, positive class, roles and name with as few questions as the data allows, and tells what it found. */
export async function chooseConfiguration(
  { read, format, unreadable }: FoundTable,
  file: { readonly source: string; readonly shown: string },
  interview: Interview,
): Promise<Omit<ConfigurationChoices, 'schema'>> {
  const { table } = read;
  const names = table.columns.map(({ name }) => name);
  const formats = Object.entries(format).map(([name, value]) => `, ${name} ${value}`);
  interview.tell(`${file.shown}: ${table.rows} rows, ${names.length} columns${formats.join('')}.`);

  const candidates = targetCandidates(table).slice(0, shownCandidates);
  if (candidates.length > 0)
    interview.tell(
      `Could be the target: ${candidates.map(({ name, why }) => `${name} (${why})`).join('; ')}.`,
    );
  const target = await interview.ask(
    columnQuestion(names, file.shown, {
      flag: 'target',
      text: 'Which column is to be predicted',
      suggestion: candidates[0]?.name ?? null,
    }),
  );

  const roles = findRoles(read, target);
  const key = await askRole('key', 'Which column names a row for good, however the file changes', roles.keys);
  const time = await askRole(
    'time',
    'Which date orders the rows, if the model is to predict the future',
    roles.times.filter(({ ordered }) => ordered),
    roles.times.length > 0,
  );
  const group = await askRole(
    'group',
    'Which column names what several rows belong to, such as a customer',
    roles.groups,
  );
  const taken = { key: key?.name, time: time?.name, group: group?.name };
  const draft = { file: file.shown, target, ...taken };
  const hidden = unreadable.filter(({ name }) => name !== target);
  const first = dropUnusable(table, { ...draft, drop: hidden.map(({ name }) => name) });
  const leftOut = [...hidden, ...first.dropped];
  if (leftOut.length > 0)
    interview.tell(
      `Left out: ${leftOut.map(({ name, why }) => `${name} (${why.replace(/\.$/, '')})`).join('; ')}.`,
    );
  for (const { code, column, message } of first.checked.notices)
    if (code === 'LEAK') interview.tell(`Careful: ${column ?? ''}: ${message}`);
  const chosen = await interview.ask(dropQuestion(names, file.shown, target));
  const wanted = [...chosen.map((name): Reason => ({ name, why: 'chosen' })), ...hidden];
  const drop = [...new Set(wanted.map(({ name }) => name))];
  const { checked, dropped } = dropUnusable(table, { ...draft, drop });

  const { task, taskReason, classes } = checked;
  interview.tell(`Task: ${task} (${taskReason}).`);
  const positive =
    task === 'binary'
      ? await interview.ask(
          choiceQuestion(
            'positive',
            `Which class counts as "yes", ${classes.join(' or ')}`,
            classes,
            likelyPositive(classes),
          ),
        )
      : null;
  const stem = basename(file.source, extname(file.source));
  const model = await interview.ask(modelQuestion(modelNameOf(stem)));
  return {
    ...{ model, source: file.source, format, positive, key, time, group },
    target: { name: target, why: `${task}: ${taskReason}` },
    drop: [...drop.map((name) => wanted.find((reason) => reason.name === name)!), ...dropped],
    suggestions: [
      ...roles.times
        .filter(({ name }) => time === null && !drop.includes(name))
        .slice(0, 1)
        .map(({ name }) => ({
          setting: 'time',
          value: name,
          why: 'a date: set it if the model is to predict the future, then the newest rows are the test set',
        })),
      ...roles.weights
        .filter(({ name }) => !drop.includes(name))
        .slice(0, 1)
        .map(({ name, why }) => ({ setting: 'weight', value: name, why })),
      ...checked.notices
        .filter(({ code, column }) => code === 'LEAK' && column !== null)
        .map(({ column, message }) => ({ setting: 'drop', value: column!, why: message })),
    ],
  };

  /** Asks only where something could be suggested, or the option was given. */
  function askRole(
    flag: string,
    text: string,
    likely: readonly Reason[],
    isPossible = likely.length > 0,
  ): Promise<Reason | null> {
    return interview.ask({
      ...roleQuestion(names, file.shown, flag, text, likely[0] ?? null),
      isIdle: !isPossible,
    });
  }
}

import { initialise, type InitOutcome } from '../factory/init/init.ts';
import { shellWord } from '../factory/shell-word.ts';
import { argumentError } from './arguments.ts';
import { exitCodes, type Command } from './command.ts';
import { interviewAt } from './interview.ts';
import { wrap } from './wrap.ts';

/** Writes configuration and workflow for a CSV file. */
export const initCommand: Command = {
  name: 'init',
  summary: 'Look at a CSV file and write model-factory.yml and the workflow.',
  positionals: '[FILE.csv]',
  options: {
    target: { value: 'COLUMN', help: 'column to predict' },
    model: { value: 'NAME', help: 'name of the model (default: after the file)' },
    positive: { value: 'CLASS', help: 'the class that counts as "yes"' },
    drop: { value: 'COLUMNS', help: 'columns that are never features, separated by commas' },
    key: { value: 'COLUMN', help: "each row's stable identity; none = by its content" },
    time: { value: 'COLUMN', help: 'date that orders the rows; none = in no order' },
    group: { value: 'COLUMN', help: 'what several rows belong to; none = each row for itself' },
    workflow: { value: 'FORM', help: 'one-job or matrix' },
    uses: { value: 'ACTION', help: 'OWNER/model-factory@REF, REF being a tag or a commit' },
    yes: { help: 'ask nothing: take every suggestion' },
    force: { help: 'replace files that are there' },
    'dry-run': { help: 'print what would be written' },
  },
  run: async (args, terminal) => {
    const [file, ...more] = args.positionals;
    if (more.length > 0)
      throw argumentError(
        `unexpected argument "${more[0]}"`,
        'Name one CSV file: model-factory init FILE.csv.',
      );
    const dryRun = args.flag('dry-run');
    const outcome = await initialise({
      folder: terminal.workingDirectory,
      file: file ?? null,
      interview: interviewAt(terminal, args),
      force: args.flag('force'),
      dryRun,
    });
    const width = Math.min(110, terminal.columns);
    for (const note of outcome.notes) terminal.error(`- ${wrap(note, width - 2).replaceAll('\n', '\n  ')}`);
    terminal.print(dryRun ? printed(outcome) : written(outcome));
    return exitCodes.ok;
  },
};

function printed({ files }: InitOutcome): string {
  return files
    .map(({ path, text }) => `# ---- ${path}\n${text}`)
    .join('\n')
    .trimEnd();
}

function written({ files, dataFile, outIsTracked }: InitOutcome): string {
  const paths = files.map(({ path }) => path);
  return [
    ...paths.map((path) => `Wrote ${path}`),
    ...(outIsTracked ? ['Runs write to model-factory-out/: add it to .gitignore.'] : []),
    '',
    'Next:',
    '  npx model-factory run       train and judge here, as the workflow will',
    '  npx model-factory doctor    check the repository and its settings',
    `  git add ${[...paths, dataFile].map(shellWord).join(' ')}`,
    '                              then commit on a branch, push, and open a pull request',
  ].join('\n');
}

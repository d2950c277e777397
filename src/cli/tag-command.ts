import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { tagStage } from '../factory/deploy/stage-tag.ts';
import { Git } from '../platform/git.ts';
import { defaultConfigFile } from '../contracts/plan.ts';
import { nameField } from '../contracts/fields.ts';
import { parseVersionTag } from '../registry/versions.ts';
import { argumentError, type ParsedArguments } from './arguments.ts';
import { exitCodes, type Command } from './command.ts';

/** Makes the stage tag that deploys a version. */
export const tagCommand: Command = {
  name: 'tag',
  summary: 'Tag a version for a stage, which deploys it once the tag is pushed.',
  positionals: '<model>@<version> <stage>',
  options: {
    push: { help: 'push the tag; without it the command to push is printed' },
    rollback: { help: 'go back to the version that the stage had before: tag --rollback <model> <stage>' },
    remote: { value: 'NAME', help: 'the git remote (default: origin)' },
    config: { value: 'FILE', help: "the model's configuration (default: model-factory.yml)" },
  },
  run: async (args, terminal) => {
    const { model, version, stage } = targetOf(args);
    const config = resolve(terminal.workingDirectory, args.text('config') ?? defaultConfigFile);
    const folder = await realpath(dirname(config)).catch(() => dirname(config));
    const git = new Git(terminal.workingDirectory);
    if (!(await git.isRepository()))
      throw argumentError('this folder is no git repository', 'Run the command in a clone of the project.');
    const push = args.flag('push');
    const outcome = await tagStage({
      ...{ git, model, version, stage, push },
      configFile: join(folder, basename(config)),
      remote: args.text('remote') ?? 'origin',
    });
    const { tag, before, commands, pushCommand } = outcome;
    const was =
      before === null ? 'nothing before' : before === outcome.version ? 'again' : `before: ${before}`;
    terminal.print(
      [
        `${tag}: ${model}@${outcome.version} goes to ${stage} (${was}).`,
        ...commands.map((command) => `  ${command}`),
        ...(push
          ? ['Pushed: the deploy workflow starts now.']
          : ['To deploy it, push the tag:', `  ${pushCommand}`]),
      ].join('\n'),
    );
    return exitCodes.ok;
  },
};

function targetOf({ positionals, flag }: ParsedArguments) {
  const [what = '', stage = '', ...more] = positionals;
  if (stage === '' || more.length > 0)
    throw argumentError(
      'a version and a stage must be named',
      'Write model-factory tag churn@v1.4.0 prod, or model-factory tag --rollback churn prod.',
    );
  if (!nameField.safeParse(stage).success)
    throw argumentError(
      `"${stage}" can not be a stage`,
      'Stages have 2 to 64 lower-case letters, digits, "-" or "_", and stand under deploy: in the configuration.',
    );
  const named = parseVersionTag(what);
  if (!flag('rollback')) {
    if (named !== null) return { ...named, stage };
    throw argumentError(`"${what}" is no version`, 'Write the model and its version, such as churn@v1.4.0.');
  }
  if (nameField.safeParse(what).success) return { model: what, version: null, stage };
  throw argumentError(
    `--rollback needs the name of a model, not "${what}"`,
    `Write model-factory tag --rollback ${named?.model ?? 'churn'} ${stage}.`,
  );
}

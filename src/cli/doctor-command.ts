import { resolve } from 'node:path';
import { formatPlace } from '../errors/user-error.ts';
import { examine } from '../factory/doctor/doctor.ts';
import type { Finding } from '../factory/doctor/finding.ts';
import { defaultConfigFile } from '../contracts/plan.ts';
import { defaultLedgerRef } from '../contracts/ledger.ts';
import { historyOf, ledgerOptions } from './history-source.ts';
import { argumentError } from './arguments.ts';
import { exitCodes, type Command } from './command.ts';
import { wrap } from './wrap.ts';

/** Checks a repository and says what to mend. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary:
    'Check configuration, data, workflows, limits and GitHub settings: what is wrong, where, how to mend it.',
  options: {
    config: { value: 'FILE', help: 'configuration (default: model-factory.yml)' },
    ...ledgerOptions,
    json: { help: 'print the findings as JSON' },
  },
  run: async (args, terminal) => {
    if (args.positionals.length > 0)
      throw argumentError(`unexpected argument "${args.positionals[0]}"`, 'Name the file with --config.');
    const at = (path: string): string => resolve(terminal.workingDirectory, path);
    const history = await historyOf(args, terminal);
    const findings = await examine({
      folder: terminal.workingDirectory,
      configFile: at(args.text('config') ?? defaultConfigFile),
      ledger: history?.ledger ?? null,
      ledgerBranch: args.text('ledger-ref') ?? defaultLedgerRef,
      environment: terminal.environment,
      logger: terminal.logger,
    });
    const failed = findings.some(({ level }) => level === 'fail');
    if (args.flag('json')) terminal.print(JSON.stringify({ ok: !failed, findings }, null, 2));
    else
      terminal.print(
        [...findings.map((finding) => line(finding, terminal.columns)), '', sum(findings)].join('\n'),
      );
    return failed ? exitCodes.block : exitCodes.ok;
  },
};

const words = { ok: 'ok', warn: 'WARN', fail: 'FAIL', skipped: '--' } as const;
const indent = ' '.repeat(6);

function line({ level, check, message, at, fix }: Finding, columns: number): string {
  const place = at === undefined ? '' : formatPlace(at);
  const text = `${check}: ${place === '' || message.startsWith(place) ? '' : `${place}: `}${message}`;
  const below = fix === null ? [] : wrap(`fix: ${fix}`, columns - indent.length).split('\n');
  const [first = '', ...rest] = wrap(text, columns - indent.length).split('\n');
  return [
    words[level].padEnd(indent.length) + first,
    ...[...rest, ...below].map((part) => indent + part),
  ].join('\n');
}

function sum(findings: readonly Finding[]): string {
  const count = (level: Finding['level']): number =>
    findings.filter((finding) => finding.level === level).length;
  return `${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} to mend, ${count('skipped')} not visible.`;
}

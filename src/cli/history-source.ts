import { join, resolve } from 'node:path';
import { nearest } from '../config/nearest.ts';
import type { HistoryPorts, LedgerPlace } from '../factory/ports.ts';
import { isFolder } from '../platform/files.ts';
import { Git } from '../platform/git.ts';
import { remoteReleases } from '../platform/github/remote-releases.ts';
import { ledgerFolder } from '../platform/ledger-folder.ts';
import { ledgerRemote } from '../platform/ledger-remote.ts';
import { releaseFolder } from '../platform/release-folder.ts';
import { defaultLedgerRef } from '../contracts/ledger.ts';
import { argumentError, type Option, type ParsedArguments } from './arguments.ts';
import type { Terminal } from './terminal.ts';

/** The options that name a history, the same for every command. */
export const ledgerOptions = {
  ledger: {
    value: 'DIR|REMOTE',
    help: 'the history: a folder (./history), or a git remote to read from (origin, or its address)',
  },
  'ledger-ref': { value: 'BRANCH', help: `branch of the remote's history (default: ${defaultLedgerRef})` },
} as const satisfies Record<string, Option>;

/** Names that hardly anybody gives to a folder: without such a remote they are a mistake. */
const conventional = ['origin', 'upstream'];

/**
 * What `--ledger` means; null without it. A path (`./x`, `/x`, `a/b`) or an existing folder is a folder, an address or
 * the name of a remote is a remote, any other word a folder to be made.
 * @throws UserError ARGUMENT_INVALID where a word could be both, or is nearly the name of a remote
 */
export async function ledgerPlace(args: ParsedArguments, terminal: Terminal): Promise<LedgerPlace | null> {
  const [value, ref] = [args.text('ledger'), args.text('ledger-ref')];
  const place = value === undefined ? null : await placeOf(value, ref ?? defaultLedgerRef, terminal);
  if (ref === undefined || place?.kind === 'remote') return place;
  throw argumentError('--ledger-ref goes with a remote', 'Name the remote as well: --ledger origin.');
}

async function placeOf(value: string, ref: string, { workingDirectory }: Terminal): Promise<LedgerPlace> {
  if (value === '') throw argumentError('--ledger is empty', 'Name a folder or a git remote.');
  const folder = resolve(workingDirectory, value);
  const isThere = await isFolder(folder);
  if (isThere && (await isFolder(join(folder, 'objects'))) && (await isFolder(join(folder, 'refs'))))
    throw argumentError(`${value} is a git repository, not a history`, `Write --ledger file://${folder}.`);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value) || (!isThere && /^[^/\\]{2,}:/.test(value)))
    return { kind: 'remote', remote: value, ref };
  if (/[/\\]|^\.+$/.test(value)) return { kind: 'folder', folder: value };
  const remotes = await new Git(workingDirectory).remotes();
  const isRemote = remotes.includes(value);
  if (isRemote && isThere)
    throw argumentError(
      `${value} is a folder here and a git remote as well`,
      `Write --ledger ./${value} for the folder, or the remote's address (git remote get-url ${value}).`,
    );
  if (isRemote) return { kind: 'remote', remote: value, ref };
  const close = conventional.includes(value) ? value : nearest(value, remotes);
  if (isThere || close === undefined) return { kind: 'folder', folder: value };
  throw argumentError(
    `there is neither a folder nor a git remote named ${value}`,
    close === value
      ? `Add it (git remote add ${value} ADDRESS), name another, or write ./${value} for a new folder.`
      : `Did you mean the remote ${close}? For a new folder write ./${value}.`,
  );
}

/** Opens a history. Nothing is read yet. */
export function openHistory(place: LedgerPlace, terminal: Terminal): HistoryPorts {
  const { workingDirectory, environment, logger } = terminal;
  if (place.kind === 'folder') {
    const folder = resolve(workingDirectory, place.folder);
    return { place, ledger: ledgerFolder(folder), releases: releaseFolder(join(folder, 'releases')) };
  }
  const { remote, ref } = place;
  const git = new Git(workingDirectory);
  const address = () => git.remoteAddress(remote);
  return {
    place,
    ledger: ledgerRemote(git, remote, ref),
    releases: remoteReleases({ remote, address, environment, logger }),
  };
}

/** The history that `--ledger` names, for reading; null without it. */
export async function historyOf(args: ParsedArguments, terminal: Terminal): Promise<HistoryPorts | null> {
  const place = await ledgerPlace(args, terminal);
  return place && openHistory(place, terminal);
}

/** The same where the default branch's question is asked, which writes. @throws UserError ARGUMENT_INVALID for a remote */
export function requireWritable(history: HistoryPorts | null): void {
  if (history?.place.kind !== 'remote') return;
  const { remote } = history.place;
  throw argumentError(
    `a promotion writes the history, and that of ${remote} is only read from here`,
    'Leave --promote out to compare with its champion without promoting, or keep a history of your own: ' +
      '--ledger ./history. The real one is written by the jobs of the default branch.',
  );
}

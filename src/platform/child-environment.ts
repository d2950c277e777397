import { environmentNameField } from '../contracts/fields.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that programs need to find their way on a machine; none of them is a secret. */
const ordinary = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TMPDIR', 'TMP', 'TEMP', 'LANG', 'TZ', 'TERM', 'CI'],
  ...['LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'NO_COLOR'],
  ...['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'],
];

/**
 * The environment of a program that the configuration names: what programs need, the variables it was allowed to see
 * by name, and `own`, which wins. Tokens of the job never get through.
 */
export function childEnvironment(
  from: Environment,
  allowed: readonly string[],
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of Object.keys(from)) {
    const value = from[name];
    if (value === undefined || !environmentNameField.safeParse(name).success) continue;
    if (ordinary.includes(name) || name.startsWith('LC_') || allowed.includes(name))
      environment[name] = value;
  }
  return { ...environment, ...own };
}

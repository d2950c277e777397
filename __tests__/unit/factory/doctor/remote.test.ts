import { describe, expect, it } from '@jest/globals';
import { gitHubPlaceOf } from '../../../../src/factory/doctor/remote.ts';

const place = { owner: 'octo', repo: 'lab.ml', apiUrl: 'https://api.github.com' };
const server = { GITHUB_SERVER_URL: 'https://git.example.org' };

describe('gitHubPlaceOf', () => {
  it.each([
    'https://github.com/octo/lab.ml.git',
    'https://github.com/octo/lab.ml',
    'https://user:secret@github.com/octo/lab.ml.git',
    'git@github.com:octo/lab.ml.git',
    'ssh://git@github.com:22/octo/lab.ml',
  ])('%s', (remote) => expect(gitHubPlaceOf(remote, {})).toEqual(place));

  it('knows the API of the server that the environment names', () => {
    expect(gitHubPlaceOf('git@git.example.org:octo/lab.ml', server)).toEqual({
      ...place,
      apiUrl: 'https://git.example.org/api/v3',
    });
  });

  it.each([
    'git@git.example.org:octo/lab.git',
    'https://github.com.example.org/octo/lab.git',
    'https://example.org/github.com/octo/lab.git',
    'https://github.com@example.org/octo/lab.git',
    '/srv/git/lab.git',
    '',
  ])('sends no token to %j', (remote) => expect(gitHubPlaceOf(remote, {})).toBeNull());
});

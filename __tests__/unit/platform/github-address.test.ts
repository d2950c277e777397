import { describe, expect, it } from '@jest/globals';
import { apiUrlOf, readGitHubAddress, tokenFor } from '../../../src/platform/github/address.ts';

describe('an address of GitHub', () => {
  it.each([
    ['https://github.com/octo/lab.git', 'github.com'],
    ['https://github.com/octo/lab/', 'github.com'],
    ['https://maria@GitHub.com/octo/lab', 'github.com'],
    ['git@github.com:octo/lab.git', 'github.com'],
    ['ssh://git@git.example.org:2222/octo/lab.git', 'git.example.org'],
    ['work:octo/lab', 'work'],
  ])('%s', (address, host) => {
    expect(readGitHubAddress(address)).toEqual({ host, owner: 'octo', repo: 'lab' });
  });

  it.each([
    '/srv/lab.git',
    '../lab',
    'file:///srv/octo/lab.git',
    'https://example.org/a/b/c',
    'git@host:lab',
  ])('%s is none', (address) => {
    expect(readGitHubAddress(address)).toBeNull();
  });

  it('leads to the REST API of its host', () => {
    expect(apiUrlOf('github.com', {})).toBe('https://api.github.com');
    expect(apiUrlOf('octo.ghe.com', {})).toBe('https://api.octo.ghe.com');
    expect(apiUrlOf('git.example.org', {})).toBe('https://git.example.org/api/v3');
    expect(apiUrlOf('github.com', { GITHUB_API_URL: 'http://127.0.0.1:1' })).toBe('http://127.0.0.1:1');
  });

  it('shows a token of github.com to no other host', () => {
    const environment = { GITHUB_TOKEN: 'a', GH_ENTERPRISE_TOKEN: 'b' };
    expect(tokenFor('github.com', environment)).toBe('a');
    expect(tokenFor('octo.ghe.com', environment)).toBe('a');
    expect(tokenFor('git.example.org', environment)).toBe('b');
    expect(tokenFor('github.com.example.org', { GITHUB_TOKEN: 'a' })).toBeNull();
    expect(tokenFor('git.example.org', { GITHUB_TOKEN: 'a', GITHUB_API_URL: 'https://x/api/v3' })).toBe('a');
    expect(tokenFor('github.com', { GH_TOKEN: '', GITHUB_TOKEN: '' })).toBeNull();
  });
});

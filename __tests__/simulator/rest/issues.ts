import type { Json } from '../schema.ts';
import type { Comment, Issue, RepositoryState } from '../state.ts';
import { author, byId, invalid, notFound, type Operations } from './operation.ts';

const longestBody = 65_536;

function checkLength(resource: string, body: string): void {
  if (body.length <= longestBody) return;
  throw invalid(resource, 'data', 'unprocessable', `Body is too long (maximum is ${longestBody} characters)`);
}

function showComment(comment: Comment, repository: RepositoryState, api: string): Json {
  const page = `https://github.com/${repository.fullName}/pull/${comment.issue}`;
  const { id, body, user, created_at, updated_at } = comment;
  return {
    id,
    body,
    user: { ...user },
    created_at,
    updated_at,
    html_url: `${page}#issuecomment-${id}`,
    issue_url: `${api}/repos/${repository.fullName}/issues/${comment.issue}`,
    author_association: 'NONE',
  };
}

function showIssue(issue: Issue): Json {
  const { number, title, body, state, labels, user } = issue;
  return {
    id: number,
    number,
    title,
    body,
    state,
    user: { ...user },
    labels: labels.map((name) => ({ name })),
  };
}

function findIssue(repository: RepositoryState, number: string | undefined): Issue {
  const issue = repository.issues.find((candidate) => candidate.number === Number(number));
  if (issue !== undefined) return issue;
  const pull = repository.pulls.find((candidate) => candidate.number === Number(number));
  if (pull === undefined) throw notFound();
  return {
    number: pull.number,
    title: pull.title,
    body: null,
    state: pull.state,
    labels: [],
    user: pull.user,
  };
}

function labelNames(labels: readonly (string | { name?: string | null })[] | undefined): string[] {
  return (labels ?? []).map((label) => (typeof label === 'string' ? label : (label.name ?? '')));
}

export const issues: Operations = {
  'issues/get': ({ repository, path }) => ({
    status: 200,
    body: showIssue(findIssue(repository, path.issue_number)),
  }),
  'issues/create': ({ repository, body, identity }) => {
    const issue: Issue = {
      number: repository.nextNumber(),
      title: String(body.title),
      body: body.body ?? null,
      state: 'open',
      labels: labelNames(body.labels),
      user: author(identity),
    };
    repository.issues.push(issue);
    return { status: 201, body: showIssue(issue) };
  },
  'issues/update': ({ repository, path, body }) => {
    const issue = findIssue(repository, path.issue_number);
    if (body.title !== undefined) issue.title = String(body.title);
    if (body.body !== undefined) issue.body = body.body;
    if (body.state !== undefined) issue.state = body.state;
    if (body.labels !== undefined) issue.labels = labelNames(body.labels);
    return { status: 200, body: showIssue(issue) };
  },
  'issues/list-for-repo': ({ repository, query }) => {
    const { state = 'open', labels = '' } = query;
    const wanted = labels.split(',').filter(Boolean);
    const found = repository.issues.filter(
      (issue) =>
        (state === 'all' || issue.state === state) && wanted.every((label) => issue.labels.includes(label)),
    );
    return { status: 200, body: found.reverse().map(showIssue) };
  },
  'issues/add-labels': ({ repository, path, body }) => {
    const issue = findIssue(repository, path.issue_number);
    const given = Array.isArray(body) ? body : typeof body === 'object' ? (body.labels ?? []) : [];
    issue.labels = [...new Set([...issue.labels, ...labelNames(given)])];
    return { status: 200, body: issue.labels.map((name) => ({ name })) };
  },
  'issues/list-comments': ({ repository, path, urls }) => ({
    status: 200,
    body: repository.comments
      .filter(({ issue }) => issue === findIssue(repository, path.issue_number).number)
      .map((comment) => showComment(comment, repository, urls.api)),
  }),
  'issues/get-comment': ({ repository, path, urls }) => ({
    status: 200,
    body: showComment(byId(repository.comments, path.comment_id), repository, urls.api),
  }),
  'issues/create-comment': ({ repository, path, body, identity, urls, now }) => {
    const { number } = findIssue(repository, path.issue_number);
    checkLength('IssueComment', body.body);
    const comment = repository.addComment(number, body.body, author(identity), now);
    return { status: 201, body: showComment(comment, repository, urls.api) };
  },
  'issues/update-comment': ({ repository, path, body, urls, now }) => {
    const comment = byId(repository.comments, path.comment_id);
    checkLength('IssueComment', body.body);
    comment.body = body.body;
    comment.updated_at = now;
    return { status: 200, body: showComment(comment, repository, urls.api) };
  },
  'issues/delete-comment': ({ repository, path }) => {
    const comment = byId(repository.comments, path.comment_id);
    repository.comments.splice(repository.comments.indexOf(comment), 1);
    return { status: 204 };
  },
};

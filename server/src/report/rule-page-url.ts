import { repository } from '../../../package.json';

/** The address of the project's repository, for people: no `.git`, no `git+`. */
export const repositoryUrl = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');

/** Where a rule's page lies, relative to the root of the repository and of every package made from it. */
export function rulePagePath(rule: string): string {
  return `server/src/rules/${rule}/README.md`;
}

/** The address of a rule's page on the web, derived from the repository that package.json names. */
export function rulePageUrl(rule: string): string {
  return `${repositoryUrl}/blob/main/${rulePagePath(rule)}`;
}

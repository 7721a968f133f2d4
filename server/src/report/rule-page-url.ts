import { repository } from '../../../package.json';

/** Where a rule's page lies, relative to the root of the repository and of every package made from it. */
export function rulePagePath(rule: string): string {
  return `server/src/rules/${rule}/README.md`;
}

/** The address of a rule's page on the web, derived from the repository that package.json names. */
export function rulePageUrl(rule: string): string {
  const base = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
  return `${base}/blob/main/${rulePagePath(rule)}`;
}

import { repository } from '../../../package.json';

/** The address of the project's repository, for people: no `.git`, no `git+`. */
export const repositoryUrl = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');

/** Where a rule's page lies, relative to the root of the repository and of every package made from it. */
export function rulePagePath(rule: string): string {
  return `server/src/rules/${rule}/README.md`;
}

/**
 * A rule's page with the links in it that are relative to its place in the repository made to lead somewhere from elsewhere:
 * to the page of another rule as `toRule` says, and to anything else on the web.
 */
export function withLinksResolved(page: string, rule: string, toRule: (rule: string) => string): string {
  return page.replace(/\]\((\.{1,2}\/[^)\s]+)\)/g, (_, target: string) => {
    const address = new URL(target, rulePageUrl(rule)).href;
    const other = /\/server\/src\/rules\/([\w-]+)\/README\.md$/.exec(address)?.[1];
    return `](${other ? toRule(other) : address})`;
  });
}

/** The address of a rule's page on the web, derived from the repository that package.json names. */
export function rulePageUrl(rule: string): string {
  return `${repositoryUrl}/blob/main/${rulePagePath(rule)}`;
}

import { type Hover, type HoverParams, MarkupKind } from 'vscode-languageserver';
import type { Finding } from '../../base/finding.ts';
import { LineIndex } from '../../base/line-index.ts';
import { ruleById } from '../../rules/registry.ts';
import { Superseded } from '../checker.ts';
import { rulePageLink, toRange } from '../conversions.ts';
import { checkedDocumentOf, InvalidParameters, isPosition } from '../fence.ts';
import { describePointer } from '../pointer-sentences.ts';
import type { Session } from '../session.ts';
import { describeUnchecked } from '../unchecked-branches.ts';

/**
 * `textDocument/hover`: on a finding, what its rule is about; on a pointer, what is known of it there; in a branch that is
 * not checked, that it is not.
 */
export async function hover(session: Session, params: HoverParams): Promise<Hover | null> {
  const document = checkedDocumentOf(session, params);
  if (!isPosition(params.position)) throw new InvalidParameters('position');
  if (!document) return null;
  const checked = await session.checker.check(document).catch((error) => {
    if (error instanceof Superseded) return undefined;
    throw error;
  });
  if (!checked) return null;
  const offset = document.offsetAt(params.position);
  const lines = new LineIndex(checked.report.text);
  const findings = checked.report.findings.filter(({ range }) => range.start <= offset && offset <= range.end);
  const story = document.workspace?.project?.pointerAt(document.file, offset);
  const branch = document.workspace?.project
    ?.uncheckedBranches(document.file)
    .find(({ range }) => range.start <= offset && offset < range.end);
  const range = story?.range ?? findings[0]?.range ?? branch?.range;
  if (!range) return null;
  const rules = [...new Set(findings.map((finding) => finding.rule))];
  const isMarkdown = session.capabilities.markdownHover;
  const describe = isMarkdown ? describeInMarkdown : describePlainly;
  const parts = rules.map((rule) => describe(session, rule, findings));
  if (story) {
    const text = describePointer(story, (at) => lines.positionAt(at).line + 1);
    parts.unshift(isMarkdown ? text : withoutMarkup(text));
  }
  if (branch) parts.push(isMarkdown ? describeUnchecked(branch) : withoutMarkup(describeUnchecked(branch)));
  return {
    contents: { kind: isMarkdown ? MarkupKind.Markdown : MarkupKind.PlainText, value: parts.join('\n\n') },
    range: toRange(lines, range),
  };
}

/** For clients that show plain text only: the markup that `describePointer` uses is not worth a library. */
function withoutMarkup(text: string): string {
  return text.replace(/[`*]+/g, '');
}

function describeInMarkdown(session: Session, rule: string, findings: readonly Finding[]): string {
  const cwe = findings.find((finding) => finding.rule === rule)?.cwe ?? [];
  const links = cwe.map((number) => `[CWE-${number}](https://cwe.mitre.org/data/definitions/${number}.html)`);
  links.push(`[About this rule](${rulePageLink(session, rule, 'hover')})`);
  return `**${rule}** — ${ruleById(rule)?.summary ?? ''}\n\n${links.join(' · ')}`;
}

function describePlainly(_session: Session, rule: string): string {
  return `${rule}: ${ruleById(rule)?.summary ?? ''}`;
}

import { type Hover, type HoverParams, MarkupKind } from 'vscode-languageserver';
import type { Finding } from '../../base/finding.ts';
import { LineIndex } from '../../base/line-index.ts';
import { ruleById } from '../../rules/registry.ts';
import { Superseded } from '../checker.ts';
import { rulePageLink, toRange } from '../conversions.ts';
import { checkedDocumentOf, InvalidParameters, isPosition } from '../fence.ts';
import type { Session } from '../session.ts';

/** `textDocument/hover`: on a finding, what its rule is about. */
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
  const findings = checked.report.findings.filter(({ range }) => range.start <= offset && offset <= range.end);
  if (findings.length === 0) return null;
  const rules = [...new Set(findings.map((finding) => finding.rule))];
  const describe = session.capabilities.markdownHover ? describeInMarkdown : describePlainly;
  return {
    contents: {
      kind: session.capabilities.markdownHover ? MarkupKind.Markdown : MarkupKind.PlainText,
      value: rules.map((rule) => describe(session, rule, findings)).join('\n\n'),
    },
    range: toRange(new LineIndex(checked.report.text), findings[0].range),
  };
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

import { renderConcise } from './concise-report.ts';
import { renderFull, type TextStyle } from './full-report.ts';
import { renderGithub } from './github-report.ts';
import { renderGitlab } from './gitlab-report.ts';
import { renderJson } from './json-report.ts';
import { renderJunit } from './junit-report.ts';
import type { Report } from './report.ts';
import { renderSarif } from './sarif-report.ts';

/** Every format that a report can be rendered in. */
const renderers = {
  full: renderFull,
  concise: renderConcise,
  json: renderJson,
  sarif: renderSarif,
  github: renderGithub,
  gitlab: renderGitlab,
  junit: renderJunit,
} satisfies Readonly<Record<string, (report: Report, style: TextStyle) => string>>;

export type ReportFormat = keyof typeof renderers;

export function renderReport(format: ReportFormat, report: Report, style: TextStyle): string {
  return renderers[format](report, style);
}

import type { Session } from './session.ts';
import type { EditorWorkspace } from './workspaces.ts';

/**
 * What somebody who reports a mistake is asked for, as lines of text: which workspaces are open, by which configuration, and
 * how much of them and of the open documents is known. No text of any file is in it.
 */
export function debugInformation(session: Session): string[] {
  const { host, folders, workspaces, documents } = session;
  const lines = [
    `server: ${host.version}`,
    `opened folders: ${folders.length === 0 ? 'none' : folders.join(', ')}`,
    `open documents: ${documents.size}`,
  ];
  for (const workspace of workspaces) lines.push('', ...describeWorkspace(session, workspace));
  return lines;
}

function describeWorkspace({ host }: Session, workspace: EditorWorkspace): string[] {
  const { root, opened, configurationError, documents } = workspace;
  const lines = [`workspace: ${root === '' ? 'none' : root}`];
  if (root !== '') {
    const file = host.configurationFileIn(root);
    const error = configurationError && `, with an error: ${configurationError.message}`;
    lines.push(`  configuration: ${host.readText(file) === undefined ? 'default' : file}${error ?? ''}`);
  }
  if (!opened) lines.push('  index: not read yet');
  else lines.push(`  index: ${opened.project.indexedFiles} files${opened.indexComplete ? '' : ', not complete'}`);
  for (const { file, version, checked } of documents) {
    const health = checked?.report.health;
    const counts = health
      ? `${checked.report.findings.length} findings, ${health.functions} functions, ` +
        `${health.functionsWithErrors} not understood, ${health.functionsIncomplete} not analysed to the end`
      : 'not checked yet';
    lines.push(`  ${file}, version ${version}: ${counts}`);
  }
  return lines;
}

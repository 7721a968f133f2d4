import { describe, expect, test } from 'vitest';
import { renderGithub } from '../../server/src/report/github-report.ts';
import { gitlabIssues, renderGitlab } from '../../server/src/report/gitlab-report.ts';
import { renderJunit } from '../../server/src/report/junit-report.ts';
import { doubleFree, sampleReport } from '../support/sample-report.ts';

/** The sample's first file under another name, with one finding. */
function oneFinding(changes: Partial<typeof doubleFree>, file = doubleFree.file) {
  return sampleReport({
    files: [{ ...sampleReport().files[1], file, findings: [{ ...doubleFree, file, ...changes }] }],
  });
}

describe('github', () => {
  test('is one workflow command a finding, and one for what could not be checked', () => {
    expect(renderGithub(sampleReport()).split('\n')).toEqual([
      '::error file=src/two words.c,line=6,endLine=6,col=2,endColumn=9,title=Ritual%3A double-free::' +
        "'p' is freed a second time%0A1. src/two words.c:5: freed here%0A2. src/two words.c:6: freed again here",
      '::warning file=src/two words.c,line=12,endLine=12,col=2,endColumn=6,title=Ritual%3A missing-null-check::' +
        "'q' may be NULL here: the result of malloc() is never checked%0A1. src/two words.c:11: allocated here, may be " +
        'NULL%0A2. include/x.h:1: declared here%0A3. src/two words.c:12: dereferenced here',
      '::error file=gone.c,title=Ritual::no such file or folder',
      '',
    ]);
  });

  test('suggestions are notices', () => {
    expect(renderGithub(oneFinding({ severity: 'hint' }))).toMatch(/^::notice /);
  });

  test('nothing in a path or a message ends the command', () => {
    const [line, ...rest] = renderGithub(
      oneFinding({ message: '100%\n::error::forged', steps: [] }, '/project/a,b:c\n::error::forged.c'),
    ).split('\n');
    expect(line).toContain('file=a%2Cb%3Ac%0A%3A%3Aerror%3A%3Aforged.c,');
    expect(line).toMatch(/::100%25%0A::error::forged$/);
    expect(rest).toEqual(['::error file=gone.c,title=Ritual::no such file or folder', '']);
  });

  test('columns are left out when the flaw spans lines, which GitHub refuses', () => {
    const text = renderGithub(oneFinding({ range: { start: 30, end: 60 } }, '/project/src/two words.c'));
    expect(text).not.toContain('col=');
  });
});

describe('gitlab', () => {
  test('is a list of issues', () => {
    const issues = JSON.parse(renderGitlab(sampleReport()));
    expect(issues).toEqual(gitlabIssues(sampleReport()));
    expect(issues[0]).toEqual({
      description: "'p' is freed a second time",
      check_name: 'double-free',
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
      severity: 'critical',
      location: { path: 'src/two words.c', lines: { begin: 6, end: 6 } },
    });
    expect(issues[1].severity).toBe('major');
  });

  test('fingerprints are unique, also in copies of one file', () => {
    const [file] = sampleReport().files;
    const copy = { ...file, file: '/project/copy.c' };
    const files = [
      { ...file, findings: [doubleFree, doubleFree] },
      { ...copy, findings: [{ ...doubleFree, file: copy.file }] },
    ].map((each) => ({ ...each, text: sampleReport().files[1].text }));
    const issues = gitlabIssues(sampleReport({ files }));
    expect(new Set(issues.map((issue) => issue.fingerprint)).size).toBe(3);
  });
});

describe('junit', () => {
  test('is a suite a file, a failed case a finding', () => {
    expect(renderJunit(sampleReport())).toBe(`\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="ritual" tests="4" failures="2" errors="1">
<testsuite name="clean.c" tests="1" failures="0" errors="0">
<testcase classname="clean.c" name="no findings" file="clean.c"/>
</testsuite>
<testsuite name="src/two words.c" tests="2" failures="2" errors="0">
<testcase classname="src/two words.c" name="double-free in twice, line 6" file="src/two words.c" line="6">
<failure message="'p' is freed a second time" type="error">src/two words.c:6:2: error: 'p' is freed a second time
1. src/two words.c:5:2: freed here
2. src/two words.c:6:2: freed again here</failure>
</testcase>
<testcase classname="src/two words.c" name="missing-null-check in first, line 12" file="src/two words.c" line="12">
<failure message="'q' may be NULL here: the result of malloc() is never checked" type="warning">\
src/two words.c:12:2: warning: 'q' may be NULL here: the result of malloc() is never checked
1. src/two words.c:11:12: allocated here, may be NULL
2. include/x.h:1:1: declared here
3. src/two words.c:12:2: dereferenced here</failure>
</testcase>
</testsuite>
<testsuite name="gone.c" tests="1" failures="0" errors="1">
<testcase classname="gone.c" name="can be checked" file="gone.c">
<error message="no such file or folder"/>
</testcase>
</testsuite>
</testsuites>
`);
  });

  test('what does not count for the exit code does not fail', () => {
    const xml = renderJunit(oneFinding({ severity: 'information' }));
    expect(xml).toContain('failures="0"');
    expect(xml).toContain('<system-out>');
  });

  test('no text can leave its place, and control characters do not spoil the file', () => {
    const message = '</failure> & "quoted" \u0001\ud800 \ud83d\ude00\nnext';
    const xml = renderJunit(oneFinding({ message, steps: [] }));
    expect(xml).toContain('message="&lt;/failure&gt; &amp; &quot;quoted&quot; \ufffd\ufffd \ud83d\ude00&#10;next"');
  });
});

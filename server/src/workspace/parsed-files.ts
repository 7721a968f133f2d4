import type { Parser } from 'web-tree-sitter';
import type { ModelRegistry } from '../models/registry.ts';
import { collectFacts, type SourceFacts } from '../source/facts.ts';
import { factsAfterEdit } from '../source/facts-after-edit.ts';
import { scanTokens, type Tokens } from '../source/lexer.ts';
import { noreturnDeclarations } from '../source/noreturn.ts';
import { type NormalisedSource, type NormaliseOptions, normalise } from '../source/normalise.ts';
import { renormalise } from '../source/renormalise.ts';
import { retokeniseChange, type TokenSplice } from '../source/retokenise.ts';
import type { Grammar } from '../syntax/grammar.ts';
import { TranslationUnit } from '../syntax/translation-unit.ts';
import type { AnalysedFile } from './analysed-file.ts';
import type { Attempts } from './attempts.ts';
import type { CallChain } from './call-chain.ts';
import { declaredModels } from './declared-models.ts';
import type { EditedFunctions } from './edited-functions.ts';
import type { ProgramIndex } from './program-index.ts';

/** Parsed files are kept up to this much source text, in UTF-16 code units; the syntax trees take some ten times that. */
const MAXIMUM_PARSED_TEXT = 24_000_000;

/** How many files that are in the index only for being parsed may stay there when they are so no more. */
const MAXIMUM_LEFT = 16;

/** What files are read with, and who is to know of it. */
interface Tools {
  readonly grammar: Grammar;
  readonly parser: Parser;
  readonly readText: (file: string) => string | undefined;
  /** As the normaliser reads them: null means "known not to be defined". */
  readonly defines: Readonly<Record<string, string | null>>;
  readonly index: ProgramIndex;
  readonly models: ModelRegistry;
  readonly attempts: Attempts;
  readonly chain: CallChain;
  readonly edited: EditedFunctions;
}

/** How tokens were made from those before, and what was read off these. */
interface Edit {
  readonly before: SourceFacts | undefined;
  readonly splice: TokenSplice;
}

/** The files whose syntax somebody asked for, as they are now; and of every file, what its text tells the index. */
export class ParsedFiles {
  readonly #tools: Tools;
  readonly #index: ProgramIndex;
  readonly #edited: EditedFunctions;
  /** In order of use, least recent first. */
  readonly #files = new Map<string, AnalysedFile>();
  /** Files that are in the index only because they are parsed: they lie beyond what it holds, or outside of its workspace. */
  readonly #visitors = new Set<string>();
  /** The version of the index that all texts were last compared with. */
  #refreshedVersion = 0;

  constructor(tools: Tools) {
    this.#tools = tools;
    this.#index = tools.index;
    this.#edited = tools.edited;
  }

  /** Takes in a file's new text: what it tells others, and, when it was parsed before, its syntax. */
  setText(file: string, text: string): void {
    const known = this.#index.facts(file);
    const analysed = this.#files.get(file);
    this.#visitors.delete(file);
    if (analysed?.text === text && known) return;
    const { version } = this.#index;
    // Only what is parsed is edited: a file that is indexed is read once.
    if (!analysed) {
      this.#takeFacts(file, text);
      this.#edited.forgetAnswers();
      return;
    }
    const { tokens, splice = undefined } = analysed.tokens
      ? retokeniseChange(analysed.tokens, text)
      : { tokens: scanTokens(text) };
    analysed.facts = this.#takeFacts(file, text, tokens, known && splice && { before: analysed.facts, splice });
    if (this.#index.version !== version) this.#edited.forgetAnswers();
    analysed.tokens = tokens;
    const macros = this.#index.macrosFor(file);
    const options = this.#normaliseOptions(file);
    this.#takeSource(analysed, renormalise(analysed.source, text, macros, options, tokens, splice));
  }

  remove(file: string): void {
    this.#index.remove(file);
    this.#files.delete(file);
    this.#visitors.delete(file);
    this.#edited.forgetAnswers();
  }

  /** True for a file whose facts stay whether it is parsed or not. */
  isIndexed(file: string): boolean {
    return this.#index.facts(file) !== undefined && !this.#visitors.has(file);
  }

  /** False for one that was given up, or read anew, since. */
  has(analysed: AnalysedFile): boolean {
    return this.#files.get(analysed.file) === analysed;
  }

  /** The file's syntax and analyses; undefined when it cannot be read. */
  analysed(file: string): AnalysedFile | undefined {
    const { grammar, parser, readText, attempts, chain } = this.#tools;
    // While a function is analysed nothing changes.
    if (this.#refreshedVersion !== this.#index.version && chain.isEmpty) this.#refresh();
    const known = this.#files.get(file);
    if (known) {
      this.#files.delete(file);
      this.#files.set(file, known);
      return known;
    }
    const text = readText(file);
    if (text === undefined) return undefined;
    attempts.keepDeadline();
    if (!this.#index.facts(file)) {
      this.#visitors.add(file);
      this.#takeFacts(file, text);
      this.#edited.forgetAnswers();
    }
    const source = this.#normalise(file, text);
    attempts.noteResult();
    const analysed: AnalysedFile = {
      file,
      text,
      source,
      indexVersion: this.#index.version,
      tokens: undefined,
      facts: undefined,
      unit: TranslationUnit.parse(grammar, parser, source),
      memos: new WeakMap(),
    };
    this.#files.set(file, analysed);
    this.#evict();
    return analysed;
  }

  /** A file as it would be with another text; nobody else hears of it, and nothing is kept. */
  imagined(analysed: AnalysedFile, text: string): AnalysedFile {
    const source = this.#normalise(analysed.file, text);
    const unit = analysed.unit.update(source);
    return { ...analysed, text, source, tokens: undefined, facts: undefined, unit, memos: new WeakMap() };
  }

  #normalise(file: string, text: string, tokens?: Tokens): NormalisedSource {
    return normalise(text, this.#index.macrosFor(file), this.#normaliseOptions(file), tokens);
  }

  #normaliseOptions(file: string): NormaliseOptions {
    return {
      defines: this.#tools.defines,
      headers: this.#index.definesInHeaders(file),
      isOwnFallback: (name) => this.#index.isOwnFallback(name, file),
    };
  }

  #takeSource(analysed: AnalysedFile, source: NormalisedSource): void {
    const before = analysed.unit;
    analysed.unit = before.update(source);
    this.#edited.note(analysed, before);
    analysed.text = source.original;
    analysed.source = source;
    analysed.indexVersion = this.#index.version;
  }

  /** Reads the texts anew whose macros other files have changed since. */
  #refresh(): void {
    const { version } = this.#index;
    this.#refreshedVersion = version;
    for (const analysed of [...this.#files.values()]) {
      const { file, text, tokens, indexVersion } = analysed;
      if (indexVersion === version) continue;
      if (this.#index.macrosChangedFor(file, text, indexVersion))
        this.#takeSource(analysed, this.#normalise(file, text, tokens));
      else analysed.indexVersion = version;
    }
  }

  #takeFacts(file: string, text: string, tokens?: Tokens, edit?: Edit): SourceFacts {
    const { models } = this.#tools;
    const edited = edit?.before && tokens && factsAfterEdit(edit.before, edit.splice, tokens);
    const facts = edited?.facts ?? collectFacts(file, text, tokens);
    // The places of `#undef` lines are kept up to date.
    if (edited?.isSame && facts.undefs.length === 0) return facts;
    const declared = declaredModels(facts, text, (name) => models.familyOfDeallocator(name));
    this.#index.set(facts, noreturnDeclarations(facts, text), declared);
    return facts;
  }

  #evict(): void {
    let size = 0;
    for (const analysed of this.#files.values()) size += analysed.text.length;
    for (const [file, analysed] of this.#files) {
      if (size <= MAXIMUM_PARSED_TEXT || this.#files.size <= 2) break;
      if (this.#tools.chain.leadsThrough(file)) continue;
      size -= analysed.text.length;
      this.#files.delete(file);
    }
    if (this.#visitors.size > MAXIMUM_LEFT && this.#tools.chain.isEmpty) this.#seeOff();
  }

  /** Takes the files out of the index that were in it for being parsed: checking many must not make it grow. */
  #seeOff(): void {
    const left = [...this.#visitors].filter((file) => !this.#files.has(file));
    if (left.length <= MAXIMUM_LEFT) return;
    for (const file of left) this.remove(file);
  }
}

import { BroadcastChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { Relevance } from '../workspace/function-memo.ts';
import type { KnownAnalysis, ResultExchange } from '../workspace/result-exchange.ts';

/** One result, for all other threads. */
interface Message {
  readonly key: string;
  readonly relevance?: Relevance;
  readonly analysis?: KnownAnalysis;
}

/** An exchange between threads: what one tells, all others read when they next have a question that they cannot answer. */
export class ThreadExchange implements ResultExchange {
  readonly #channel: BroadcastChannel;
  readonly #relevances = new Map<string, Relevance>();
  readonly #analyses = new Map<string, KnownAnalysis>();
  #isClosed = false;

  /** @param channel The same name for all threads of one crew, and for no other. */
  constructor(channel: string) {
    this.#channel = new BroadcastChannel(channel);
    this.#channel.unref();
  }

  relevance(file: string, name: string): Relevance | undefined {
    const key = keyOf(file, name);
    return this.#relevances.get(key) ?? (this.#receive() ? this.#relevances.get(key) : undefined);
  }

  analysis(file: string, name: string): KnownAnalysis | undefined {
    const key = keyOf(file, name);
    return this.#analyses.get(key) ?? (this.#receive() ? this.#analyses.get(key) : undefined);
  }

  tellRelevance(file: string, name: string, relevance: Relevance): void {
    const message: Message = { key: keyOf(file, name), relevance };
    this.#relevances.set(message.key, relevance);
    this.#tell(message);
  }

  tellAnalysis(file: string, name: string, analysis: KnownAnalysis): void {
    const message: Message = { key: keyOf(file, name), analysis };
    this.#analyses.set(message.key, analysis);
    this.#tell(message);
  }

  #tell(message: Message): void {
    if (!this.#isClosed) this.#channel.postMessage(message);
  }

  /** Takes in what has arrived, without letting the event loop turn. True when something has. */
  #receive(): boolean {
    if (this.#isClosed) return false;
    let hasReceived = false;
    for (;;) {
      const received = receiveMessageOnPort(this.#channel as never) as { message: Message } | undefined;
      if (!received) return hasReceived;
      hasReceived = true;
      const { key, relevance, analysis } = received.message;
      if (relevance) this.#relevances.set(key, relevance);
      if (analysis) this.#analyses.set(key, analysis);
    }
  }

  /** Ends the exchange with the others. What has arrived stays known: the repairs of findings are made later than these. */
  close(): void {
    this.#isClosed = true;
    this.#channel.close();
  }
}

function keyOf(file: string, name: string): string {
  return `${file}\0${name}`;
}

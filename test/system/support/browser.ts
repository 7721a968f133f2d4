import { createRequire } from 'node:module';
import path from 'node:path';
import { hostFolder } from './paths.ts';

// What these tests use of playwright-core, declared here because the package is installed by the system tests only,
// and the type check must pass without it.

export interface Locator {
  first(): Locator;
  last(): Locator;
  nth(index: number): Locator;
  filter(options: { hasText?: string | RegExp }): Locator;
  locator(selector: string, options?: { hasText?: string | RegExp }): Locator;
  waitFor(options?: { state?: 'attached' | 'visible' | 'hidden' | 'detached'; timeout?: number }): Promise<void>;
  click(options?: { timeout?: number; button?: 'left' | 'right'; force?: boolean }): Promise<void>;
  dblclick(): Promise<void>;
  hover(options?: { force?: boolean; position?: { x: number; y: number } }): Promise<void>;
  count(): Promise<number>;
  textContent(): Promise<string | null>;
  allTextContents(): Promise<string[]>;
  getAttribute(name: string): Promise<string | null>;
  /** Runs a function in the page, given the elements. It sees nothing of what is around it here. */
  evaluateAll<T>(run: (elements: readonly object[]) => T): Promise<T>;
  boundingBox(): Promise<{ x: number; y: number; width: number; height: number } | null>;
}

export interface FrameLocator {
  frameLocator(selector: string): FrameLocator;
  locator(selector: string): Locator;
}

export interface Page {
  goto(url: string): Promise<unknown>;
  locator(selector: string, options?: { hasText?: string | RegExp }): Locator;
  frameLocator(selector: string): FrameLocator;
  readonly keyboard: {
    press(key: string): Promise<void>;
    type(text: string, options?: { delay?: number }): Promise<void>;
  };
  readonly mouse: { move(x: number, y: number, options?: { steps?: number }): Promise<void> };
  screenshot(options: {
    path: string;
    clip?: { x: number; y: number; width: number; height: number };
  }): Promise<unknown>;
  exposeFunction(name: string, listener: (...parameters: never[]) => unknown): Promise<void>;
  on(event: 'console', listener: (message: { text(): string }) => void): void;
  waitForTimeout(milliseconds: number): Promise<void>;
}

export interface Browser {
  newPage(options: { viewport: { width: number; height: number } }): Promise<Page>;
  close(): Promise<void>;
}

/** Starts Chromium without a window. Fails when it is not installed. */
export async function launchBrowser(): Promise<Browser> {
  const { chromium } = createRequire(path.join(hostFolder, 'package.json'))('playwright-core');
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // VS Code for browsers runs its workers and web views on subdomains of the page.
      '--host-resolver-rules=MAP *.127.0.0.1 127.0.0.1',
    ],
  });
}

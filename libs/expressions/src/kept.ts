// Compiled expressions, the least recently used forgotten first: bounded in number and in weight, for each is a tree of objects.
import { compile, type Compilation } from './compile.ts';

interface Entry {
  text: string;
  compilation: Compilation;
}

export class KeptExpressions {
  private readonly limits: { expressions: number; parts: number };
  /** In order of use. */
  private readonly entries = new Map<string, Entry>();
  private parts = 0;

  constructor(limits: { expressions: number; parts: number }) {
    this.limits = limits;
  }

  get size(): number {
    return this.entries.size;
  }

  /** The expression of a key, compiled anew when its text is not the one that was kept. */
  of(key: string, text: string): Compilation {
    const known = this.entries.get(key);
    if (known?.text === text) {
      this.entries.delete(key);
      this.entries.set(key, known);
      return known.compilation;
    }
    this.forget(key);
    const compilation = compile(text);
    this.entries.set(key, { text, compilation });
    this.parts += partsOf(compilation);
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.limits.expressions && this.parts <= this.limits.parts) break;
      this.forget(oldest);
    }
    return compilation;
  }

  private forget(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.parts -= partsOf(entry.compilation);
    this.entries.delete(key);
  }
}

/** What is wrong with an expression weighs little, but not nothing. */
const partsOf = (compilation: Compilation): number => ('compiled' in compilation ? compilation.compiled.parts : 10);

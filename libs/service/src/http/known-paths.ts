// Which paths exist and by which methods they can be called, so that a wrong method is told from a wrong path.

export class KnownPaths {
  private readonly patterns = new Map<string, { pattern: RegExp; methods: Set<string> }>();

  /** Notes a route as Fastify states it: `/events/:id`. */
  add(method: string | string[], url: string): void {
    if (url.includes('*')) return;
    const known = this.patterns.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    for (const each of [method].flat()) known.methods.add(each);
    this.patterns.set(url, known);
  }

  /** Methods that a concrete path answers to; none when there is no such path. */
  methodsOf(path: string): string[] {
    const methods = new Set<string>();
    for (const known of this.patterns.values()) {
      if (known.pattern.test(path)) known.methods.forEach((method) => methods.add(method));
    }
    return [...methods].sort();
  }

  /** Every route as `METHOD /path/:parameter`. */
  all(): string[] {
    return [...this.patterns].flatMap(([url, { methods }]) => [...methods].map((method) => `${method} ${url}`));
  }
}

function patternOf(url: string): RegExp {
  const escaped = url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${escaped.join('/')}$`);
}

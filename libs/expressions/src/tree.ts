// Walks the syntax tree of an expression once and reports what is not allowed, each with its place.
import { expressionLimits } from './limits.ts';
import { allowedFunctions, allowedNodes, givenNames, refusedFunctions, refusedNodes } from './vocabulary.ts';

/** A node as JSONata makes them; its own declarations leave half of it out. */
export interface TreeNode {
  type?: unknown;
  value?: unknown;
  position?: number;
  [member: string]: unknown;
}

export interface Finding {
  /** Offset in the text between the braces of what is at fault; missing when it is the whole. */
  position?: number;
  msg: string;
}

type Located = Required<Finding>;

export interface Survey {
  findings: Finding[];
  parts: number;
  transforms: TreeNode[];
}

/** What stands in a tree. Stops at the limit of parts, so that a tree of any size costs the same. */
export function survey(root: TreeNode): Survey {
  const walk = new Walk();
  walk.visit(root);
  return { findings: walk.findings(), parts: walk.seen.size, transforms: walk.transforms };
}

class Walk {
  readonly seen = new Set<object>();
  readonly transforms: TreeNode[] = [];
  private readonly faults: Located[] = [];
  private readonly bound = new Set<string>();
  private readonly used: TreeNode[] = [];

  /** Without recursion: a tree may be nested as deep as its text is long. */
  visit(root: TreeNode): void {
    const open: object[] = [root];
    for (let node = open.pop(); node; node = open.pop()) {
      if (this.seen.has(node)) continue;
      this.seen.add(node);
      if (this.seen.size > expressionLimits.parts) return;
      const skipped = this.look(node as TreeNode);
      for (const child of Object.values(node)) {
        if (typeof child === 'object' && child !== null && !skipped.includes(child)) open.push(child as object);
      }
    }
  }

  findings(): Finding[] {
    if (this.seen.size > expressionLimits.parts) return [{ msg: `has more than ${expressionLimits.parts} parts` }];
    const findings = [...this.faults, ...this.used.flatMap((variable) => this.unknown(variable))];
    return findings.sort((a, b) => a.position - b.position);
  }

  /** Judges one node, and says which of its members need no visit of their own. */
  private look(node: TreeNode): unknown[] {
    const { type } = node;
    if (typeof node.focus === 'string') this.bound.add(node.focus);
    if (typeof node.index === 'string') this.bound.add(node.index);
    if (typeof type !== 'string') return [];
    if (!allowedNodes.has(type)) {
      this.fault(node, refusedNodes.get(type) ?? `"${type}" is not allowed`);
      return [node.value, node.procedure, node.arguments];
    }
    if (type === 'variable') this.used.push(node);
    if (type === 'bind') this.bind(node.lhs as TreeNode);
    if (type === 'index') this.bound.add(String(node.value));
    if (type === 'transform') this.transforms.push(node);
    if (type === 'lambda') return this.lambda(node);
    if (type === 'function') return this.call(node);
    return [];
  }

  private bind({ value }: TreeNode): void {
    this.bound.add(String(value));
  }

  private lambda(node: TreeNode): unknown[] {
    if (node.signature !== undefined) this.fault(node, 'a function may not declare its types (<…>)');
    for (const parameter of node.arguments as TreeNode[]) this.bind(parameter);
    return [node.signature];
  }

  /** `$pad` makes a text of any length from a number, so that number must stand there to be seen. */
  private call(node: TreeNode): unknown[] {
    const procedure = node.procedure as TreeNode;
    if (procedure.type !== 'variable' || procedure.value !== 'pad') return [];
    // Called behind a path or ~> it lacks its first argument, and the width comes first.
    const [first, second] = node.arguments as (TreeNode | undefined)[];
    const width = [second, first].find((argument) => argument?.type === 'number')?.value;
    if (typeof width !== 'number' || Math.abs(width) > expressionLimits.padWidth) {
      this.fault(procedure, `the width of $pad must be a number of ${expressionLimits.padWidth} at most`);
    }
    return [procedure];
  }

  private unknown(variable: TreeNode): Located[] {
    const name = String(variable.value);
    const position = positionOf(variable);
    const why = refusedFunctions.get(name);
    if (why !== undefined) return [{ position, msg: `$${name} is not allowed: ${why}` }];
    if (name === 'pad') return [{ position, msg: '$pad may only be called, and with its width as a number' }];
    if (allowedFunctions.has(name) || givenNames.has(name) || this.bound.has(name)) return [];
    return [{ position, msg: `$${name} is neither a function nor a variable` }];
  }

  private fault(node: TreeNode, msg: string): void {
    this.faults.push({ position: positionOf(node), msg });
  }
}

/** JSONata keeps where a token ends. A name's length is known; for the others the last character has to do. */
function positionOf({ type, value, position = 1 }: TreeNode): number {
  return type === 'variable' ? position - String(value).length - 1 : position - 1;
}

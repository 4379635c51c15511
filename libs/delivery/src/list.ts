// Lists whose members carry their own links: any of them leaves in one step, and waiting in one costs no object of its own.

export interface Member<M extends Member<M>> {
  list: List<M> | undefined;
  before: M | undefined;
  after: M | undefined;
}

/** First come, first served; a member stands in one such list at a time. */
export class List<M extends Member<M>> {
  first: M | undefined;
  private last: M | undefined;
  size = 0;

  push(member: M): void {
    member.list = this;
    member.before = this.last;
    if (this.last) this.last.after = member;
    else this.first = member;
    this.last = member;
    this.size++;
  }

  remove(member: M): void {
    if (member.list !== this) return;
    if (member.before) member.before.after = member.after;
    else this.first = member.after;
    if (member.after) member.after.before = member.before;
    else this.last = member.before;
    member.list = member.before = member.after = undefined;
    this.size--;
  }

  /** The first that passes, of at most `most` that are asked. Who was asked goes to the end, so that all take turns. */
  rotate(passes: (member: M) => boolean, most: number): M | undefined {
    for (let asked = Math.min(most, this.size); asked > 0; asked--) {
      const member = this.first as M;
      this.remove(member);
      this.push(member);
      if (passes(member)) return member;
    }
    return undefined;
  }
}

export interface Queued<Q extends Queued<Q>> {
  next: Q | undefined;
}

/** First in, first out, and no other way out. */
export class Queue<Q extends Queued<Q>> {
  first: Q | undefined = undefined;
  private last: Q | undefined = undefined;

  push(queued: Q): void {
    if (this.first) (this.last as Q).next = queued;
    else this.first = queued;
    this.last = queued;
  }

  shift(): Q | undefined {
    const queued = this.first;
    this.first = queued?.next;
    if (queued) queued.next = undefined;
    return queued;
  }
}

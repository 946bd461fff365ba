/** Who is attached to what, for an engine that fans out by itself. Empty topics take no room. */
export class Topics<Member> {
  readonly #members = new Map<string, Set<Member>>();
  readonly #topics = new Map<Member, Set<string>>();

  /** Attaching twice is attaching once. */
  attach(member: Member, topic: string): void {
    const members = this.#members.get(topic);
    if (members === undefined) this.#members.set(topic, new Set([member]));
    else members.add(member);
    const topics = this.#topics.get(member);
    if (topics === undefined) this.#topics.set(member, new Set([topic]));
    else topics.add(topic);
  }

  /** Does nothing when the member is not attached. */
  detach(member: Member, topic: string): void {
    const members = this.#members.get(topic);
    members?.delete(member);
    if (members?.size === 0) this.#members.delete(topic);
    const topics = this.#topics.get(member);
    topics?.delete(topic);
    if (topics?.size === 0) this.#topics.delete(member);
  }

  /** Detaches a member that leaves from everything. */
  detachAll(member: Member): void {
    for (const topic of this.#topics.get(member) ?? []) {
      const members = this.#members.get(topic);
      members?.delete(member);
      if (members?.size === 0) this.#members.delete(topic);
    }
    this.#topics.delete(member);
  }

  /** Everyone attached to a topic, in the order of attaching; `undefined` when nobody is. */
  membersOf(topic: string): ReadonlySet<Member> | undefined {
    return this.#members.get(topic);
  }

  /** Topics that have a member. */
  get topicCount(): number {
    return this.#members.size;
  }
}

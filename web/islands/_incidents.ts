// What went wrong while somebody recorded: noted on the device at once, told to the server when it can be reached.

import { ask } from "./_send";
import type { Incident, Vault } from "./_vault";

const MOST = 100; // of one page; more tell nothing new

export class Incidents {
  private readonly open = new Map<string, Incident>();
  private readonly unkept: Incident[] = [];
  private count = 0;

  constructor(
    private readonly vault: Vault | null,
    private readonly interview: string,
    private readonly position: number,
    private readonly csrf: string,
  ) {}

  /** Something happened just now; `seconds` of the answer were recorded by then. */
  async note(kind: string, seconds: number, began = Date.now()): Promise<void> {
    await this.keep({ key: crypto.randomUUID(), interview: this.interview, position: this.position, kind, began, ended: Date.now(), seconds });
  }

  /** Something begins that will end: a network that is away. */
  begin(kind: string, seconds: number): void {
    if (this.open.has(kind)) return;
    const now = Date.now();
    this.open.set(kind, { key: crypto.randomUUID(), interview: this.interview, position: this.position, kind, began: now, ended: now, seconds });
  }

  /** Everything that had begun is over. */
  async end(): Promise<void> {
    const over = [...this.open.values()];
    this.open.clear();
    for (const incident of over) await this.keep({ ...incident, ended: Date.now() });
  }

  private async keep(incident: Incident): Promise<void> {
    this.count += 1;
    if (this.count > MOST) return;
    if (this.vault === null) this.unkept.push(incident);
    else await this.vault.tell(incident).catch(() => this.unkept.push(incident));
  }

  /** Tells the server all that is noted; what cannot be told now is told later. */
  async tell(): Promise<void> {
    const kept = (await this.vault?.incidents(this.interview).catch(() => [])) ?? [];
    const all = [...kept, ...this.unkept];
    if (all.length === 0) return;
    const incidents = all.map(({ key, position, kind, began, ended, seconds }) => ({ key, position, kind, began, ended, seconds }));
    const body = JSON.stringify({ now: Date.now(), incidents });
    const headers = { "X-CSRF-Token": this.csrf, "Content-Type": "application/json", Accept: "application/json" };
    const answer = await ask("/interview/incidents", { method: "POST", headers, body }).catch(() => null);
    if (answer?.ok !== true) return;
    this.unkept.length = 0;
    await this.vault?.told(kept).catch(() => undefined);
  }
}

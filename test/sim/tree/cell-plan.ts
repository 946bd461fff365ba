/** What the tree model asks of a planner: the part of `CellPlanner` that it uses, so that tests can give fixed trees. */

import type { MonoMs } from '@freshet/proto';

/** Stands for the cell's relay wherever a peer stands. */
export const RELAY = 0;

/** What the planner knows of a viewer. */
export type PlanProfile = {
  readonly uplinkBps: number;
  readonly linksMax: number;
  readonly rttMs: number;
  readonly network: string;
};

/** One neighbour as the planner tells it. Bit s of a mask stands for stripe s. */
export type PlannedLink = {
  readonly peer: number;
  readonly parentMask: number;
  readonly childMask: number;
  readonly standbyMask: number;
};

/** What the planner may be told of a neighbour. */
export type PlanComplaint = 'unreachable' | 'late' | 'silent';

/** Plans one cell. Viewer `v` is peer `v + 1`. */
export interface CellPlan {
  join(now: MonoMs, peer: number, profile: PlanProfile): void;
  update(now: MonoMs, peer: number, profile: PlanProfile): void;
  report(now: MonoMs, reporter: number, accused: number, why: PlanComplaint): void;
  moved(now: MonoMs, peer: number, stripe: number, parent: number): void;
  tick(now: MonoMs): void;
  nextTimeout(): MonoMs | undefined;
  poll(): { readonly peer: number; readonly links: readonly PlannedLink[] } | undefined;
}

/** Makes the planner of a cell. */
export type CreateCellPlan = (options: {
  readonly seed: string;
  readonly stripeCount: number;
  readonly stripeBps: number;
  readonly headsMax: number;
  readonly linksMax: number;
}) => CellPlan;

/** A plan that never changes: `parents[stripe][viewer]` is a peer. For trees computed by hand. */
export function fixedPlan(parents: readonly (readonly number[])[]): CellPlan {
  const told: { peer: number; links: PlannedLink[] }[] = [];
  const present = new Set<number>();
  const link = (peer: number, childOf: number, stripe: number): PlannedLink => ({
    peer,
    parentMask: childOf === 1 ? 1 << stripe : 0,
    childMask: childOf === 1 ? 0 : 1 << stripe,
    standbyMask: 0,
  });
  const tell = (viewer: number): void => {
    for (const [stripe, row] of parents.entries()) {
      const parent = row[viewer] ?? RELAY;
      if (parent === RELAY || !present.has(parent)) continue;
      told.push({ peer: viewer + 1, links: [link(parent, 1, stripe)] });
      told.push({ peer: parent, links: [link(viewer + 1, 0, stripe)] });
    }
  };
  return {
    join: (_now, peer) => {
      present.add(peer);
      tell(peer - 1);
      for (const row of parents)
        for (const [viewer, parent] of row.entries())
          if (parent === peer && present.has(viewer + 1)) tell(viewer);
    },
    update: () => undefined,
    report: () => undefined,
    moved: () => undefined,
    tick: () => undefined,
    nextTimeout: () => undefined,
    poll: () => told.shift(),
  };
}

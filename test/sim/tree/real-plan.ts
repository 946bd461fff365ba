/** The planner of the core as the tree model's planner. */

import { CellPlanner, Prng } from '@freshet/proto';
import type { CellPlan, CreateCellPlan } from './cell-plan.js';

/** Plans with `CellPlanner`; `linksMax` bounds the children of one viewer over all stripes. */
export const createRealPlan: CreateCellPlan = ({ seed, linksMax, ...options }): CellPlan =>
  new CellPlanner({ ...options, slotsMax: linksMax, prng: new Prng(seed).fork('plan') });

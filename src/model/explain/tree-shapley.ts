import { gaussLegendre } from '../../numeric/gauss-legendre.ts';
import { goesLeft, type FlatTrees } from '../trees.ts';

/** One tree of flat trees, with how many background rows reach each of its nodes. */
export interface CoveredTree {
  readonly flat: FlatTrees;
  /** Number of the tree. */
  readonly tree: number;
  readonly covers: Float64Array;
  /** Player of each feature. */
  readonly players: Int32Array;
}

/** A node that isn't the root, seen from the branch above it; nodes count from the tree's root. */
interface Edges {
  readonly parent: Int32Array;
  readonly player: Int32Array;
  /** The nearest edge above that asks the same player; -1 = none. */
  readonly previous: Int32Array;
  /** Share of the parent's background rows that go this way. */
  readonly share: Float64Array;
  /** Product of the shares at all edges of this player down to here. */
  readonly unknown: Float64Array;
  /** Most players on one path. */
  readonly mostPlayers: number;
}

/** What is known of a tree's nodes before any row is: numbers at node * points + point. */
interface PathTable extends Edges {
  readonly points: number;
  readonly weights: Float64Array;
  /** Factor of a path's product where a row that came along so far goes this way, and where it doesn't. */
  readonly along: Float64Array;
  readonly astray: Float64Array;
  /** What such an edge adds to its player, per unit of the product below. */
  readonly gainAlong: Float64Array;
  readonly gainAstray: Float64Array;
}

/** Adds a row's contributions, one for each player, to `into` from `at` on; `leaf` gives a leaf's value by flat node. */
export type TreeShapley = (
  x: Float32Array,
  cells: number,
  leaf: (node: number) => number,
  into: Float64Array,
  at: number,
) => void;

/**
 * Path-dependent Shapley values of one tree (Lundberg et al. 2020, "From local explanations to global understanding with
 * explainable AI for trees"): a branch on a player that isn't known sends a row both ways, in the background's shares.
 * The mean over all orders of players is an integral (Owen 1972, "Multilinear extensions of games"): each player is
 * known with probability t, so that a leaf has the product over its path's players of t·(the row goes there) +
 * (1-t)·(share). In t that is a polynomial of one degree for each player, which Gauss and Legendre's points integrate
 * exactly: the work grows with nodes × points, not with leaves × players².
 */
export function treeShapley(tree: CoveredTree): TreeShapley {
  const { flat } = tree;
  const root = flat.roots[tree.tree]!;
  const table = pathTable(tree);
  const { parent, player, previous, share, points, weights, along, astray, gainAlong, gainAstray } = table;
  const nodes = parent.length;
  const follows = new Uint8Array(nodes);
  const goes = new Uint8Array(nodes);
  const product = new Float64Array(nodes * points);
  const below = new Float64Array(nodes * points);
  product.set(weights);
  return (x, cells, leaf, into, at) => {
    for (let node = 0; node < nodes; node++) {
      const f = flat.feature[root + node]!;
      if (f !== -1) goes[node] = Number(goesLeft(flat, root + node, f, x, cells));
      if (node === 0) continue;
      const up = parent[node]!;
      const before = previous[node]!;
      const here = node * points;
      const above = up * points;
      const isLeft = Number(node === up + 1);
      if (before >= 0 && follows[before] === 0) {
        const part = share[node]!;
        for (let i = 0; i < points; i++) product[here + i] = product[above + i]! * part;
        follows[node] = 0;
      } else {
        follows[node] = Number(goes[up] === isLeft);
        const factors = follows[node] === 1 ? along : astray;
        for (let i = 0; i < points; i++) product[here + i] = product[above + i]! * factors[here + i]!;
      }
    }
    for (let node = nodes - 1; node > 0; node--) {
      const here = node * points;
      if (flat.feature[root + node] === -1) {
        const value = leaf(root + node);
        for (let i = 0; i < points; i++) below[here + i] = product[here + i]! * value;
      }
      const up = parent[node]!;
      const above = up * points;
      if (node === up + 1) for (let i = 0; i < points; i++) below[above + i]! += below[here + i]!;
      else for (let i = 0; i < points; i++) below[above + i] = below[here + i]!;
      const before = previous[node]!;
      if (before >= 0 && follows[before] === 0) continue;
      const gains = follows[node] === 1 ? gainAlong : gainAstray;
      let gain = 0;
      for (let i = 0; i < points; i++) gain += below[here + i]! * gains[here + i]!;
      into[at + player[node]!]! += gain;
    }
  };
}

/** What a tree answers where no player is known: the mean over the background, by `leaf`'s values. */
export function expectedValue(
  { flat, tree, covers, players }: CoveredTree,
  leaf: (node: number) => number,
): number {
  const root = flat.roots[tree]!;
  const { parent, share } = edgesOf({ flat, tree, covers, players });
  const reached = new Float64Array(parent.length).fill(1);
  let total = 0;
  for (let node = 0; node < parent.length; node++) {
    if (node > 0) reached[node] = reached[parent[node]!]! * share[node]!;
    if (flat.feature[root + node] === -1) total += reached[node]! * leaf(root + node);
  }
  return total;
}

function edgesOf({ flat, tree, covers, players }: CoveredTree): Edges {
  const { roots, feature, right } = flat;
  const root = roots[tree]!;
  const nodes = (roots[tree + 1] ?? feature.length) - root;
  const parent = new Int32Array(nodes).fill(-1);
  const player = new Int32Array(nodes).fill(-1);
  const previous = new Int32Array(nodes).fill(-1);
  const share = new Float64Array(nodes).fill(1);
  const unknown = new Float64Array(nodes).fill(1);
  const count = new Int32Array(nodes);
  let mostPlayers = 0;
  for (let node = 0; node < nodes; node++) {
    const up = parent[node]!;
    if (up >= 0) {
      let before = up;
      while (before >= 0 && player[before] !== player[node]) before = parent[before]!;
      previous[node] = before;
      const whole = covers[root + up]!;
      // Where no background row comes along nothing is known of the two ways.
      share[node] = whole > 0 ? covers[root + node]! / whole : 0.5;
      unknown[node] = share[node]! * (before >= 0 ? unknown[before]! : 1);
      count[node] = count[up]! + Number(before < 0);
      mostPlayers = Math.max(mostPlayers, count[node]!);
    }
    const f = feature[root + node]!;
    if (f === -1) continue;
    for (const child of [node + 1, right[root + node]! - root]) {
      parent[child] = node;
      player[child] = players[f >= 0 ? f : -2 - f]!;
    }
  }
  return { parent, player, previous, share, unknown, mostPlayers };
}

function pathTable(tree: CoveredTree): PathTable {
  const edges = edgesOf(tree);
  const { parent, previous, unknown, mostPlayers } = edges;
  const points = Math.max(1, Math.ceil(mostPlayers / 2));
  const { nodes: times, weights } = gaussLegendre(points);
  const cells = (): Float64Array => new Float64Array(parent.length * points);
  const [along, astray, gainAlong, gainAstray] = [cells(), cells(), cells(), cells()];
  for (let node = 1; node < parent.length; node++) {
    const z = unknown[node]!;
    const before = previous[node]!;
    for (let i = 0; i < points; i++) {
      const t = times[i]!;
      const at = node * points + i;
      const known = t + (1 - t) * z;
      const zBefore = before >= 0 ? unknown[before]! : 1;
      const knownBefore = t + (1 - t) * zBefore;
      const gainBefore = (1 - zBefore) / knownBefore;
      along[at] = known / knownBefore;
      astray[at] = ((1 - t) * z) / knownBefore;
      gainAlong[at] = (1 - z) / known - gainBefore;
      gainAstray[at] = -1 / (1 - t) - gainBefore;
    }
  }
  return { ...edges, points, weights, along, astray, gainAlong, gainAstray };
}

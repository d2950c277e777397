import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { explainerOf, type Explainable } from '../../../../src/model/explain/explainer.ts';
import type { Tree } from '../../../../src/model/pipeline.ts';
import type { Task } from '../../../../src/contracts/task.ts';
import { firstRows } from '../random-pipelines.ts';

interface PeerTree {
  readonly feature: number[];
  readonly threshold: number[];
  readonly left: number[];
  readonly right: number[];
  readonly missingLeft: number[];
  readonly value: number[];
}

interface Shares {
  readonly base: number[];
  readonly contributions: number[];
}

interface PeerCase {
  readonly trees: PeerTree[];
  readonly lightgbm: Shares;
  readonly shap: Shares;
}

/** From contributions.py beside it. */
const fixture = new URL('../../../fixtures/training/contributions.json', import.meta.url);
const { x, explained, cases } = JSON.parse(readFileSync(fixture, 'utf8')) as {
  x: (number | null)[][];
  explained: number;
  cases: Record<Task, PeerCase>;
};

const names = x[0]!.map((_, j) => `column ${j}`);
const table = {
  rows: x.length,
  columns: names.map((name, j) => {
    const values = Float64Array.from(x, (row) => row[j] ?? NaN);
    return { kind: 'numeric' as const, name, values };
  }),
};

function pipelineOf(task: Task, { trees }: PeerCase): Explainable {
  const outputs = task === 'multiclass' ? 3 : 1;
  const classes = { binary: ['a', 'b'], multiclass: ['a', 'b', 'c'], regression: [] }[task];
  return {
    ...{ task, classes },
    inputs: names.map((name) => ({ name, type: 'number' })),
    steps: names.map((input) => ({ kind: 'number', input, impute: null, offset: 0, scale: 1 })),
    predictor: { kind: 'trees', outputs, base: new Float32Array(outputs), trees: trees.map(treeOf) },
  };
}

function treeOf({ feature, threshold, left, right, missingLeft, value }: PeerTree): Tree {
  return {
    feature: Int32Array.from(feature),
    threshold: Float32Array.from(threshold),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    missingLeft: Uint8Array.from(missingLeft),
    value: Float32Array.from(value),
    levelsLeft: feature.map(() => []),
  };
}

describe.each(['binary', 'regression', 'multiclass'] as const)('contributions of %s trees', (task) => {
  const known = cases[task];
  const explainer = explainerOf(pipelineOf(task, known), { table, rows: firstRows(table.rows) });
  const { base, contributions } = explainer.explain(table, firstRows(explained));
  const furthest = (wanted: Shares): number => {
    const all = [...wanted.base, ...wanted.contributions];
    const ours = [...base, ...contributions];
    expect(ours).toHaveLength(all.length);
    return Math.max(...ours.map((value, i) => Math.abs(value - all[i]!)));
  };

  it("are those of shap's path-dependent TreeExplainer", () => {
    expect(furthest(known.shap)).toBeLessThan(1e-14);
  });

  it("are LightGBM's pred_contrib, but for leaves rounded to float32", () => {
    expect(furthest(known.lightgbm)).toBeLessThan(1e-7);
  });
});

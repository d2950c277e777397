import type { Table } from '../../data/table.ts';
import {
  linkOf,
  type EncodedPipeline,
  type ForestPredictor,
  type LinearPredictor,
  type Link,
  type Pipeline,
  type TreesPredictor,
} from '../pipeline.ts';
import { encodedChunks, type EncodedChunk } from './encoded-chunks.ts';
import { linearSharing } from './linear.ts';
import { playersOf, type Players } from './players.ts';
import { treesSharing } from './trees.ts';

/** Rows that a model has seen, or such as it will see: what a contribution is measured against. */
export interface Background {
  readonly table: Table;
  readonly rows: Int32Array;
}

/** How the scores of some rows come about: base[k] + sum of contributions = score k of the row. */
export interface Explanation {
  /** One number for each score: what the model answers where nothing is known of a row. */
  readonly base: Float64Array;
  /** rows × scores × players, row-major. */
  readonly contributions: Float64Array;
}

export interface Explainer {
  /** Columns that contributions belong to, in order. */
  readonly players: readonly string[];
  /** Scores of a row: one for each class of three or more, else 1, of two classes the second one's. */
  readonly scores: number;
  explain(table: Table, rows: Int32Array): Explanation;
}

/** What contributions add up to. `score`: the logarithm of a class's probability, but for a number that all classes share. */
export type Unit = 'log odds' | 'score' | 'probability' | 'prediction' | 'logarithm of the prediction';

/** A model whose predictions can be shared out exactly. */
export interface Explainable extends EncodedPipeline {
  readonly predictor: LinearPredictor | TreesPredictor | ForestPredictor;
}

/** The pipeline, if it is a linear model or trees; else null. */
export function explainable(pipeline: Pipeline): Explainable | null {
  const { predictor } = pipeline;
  const { kind } = predictor;
  return kind === 'linear' || kind === 'trees' || kind === 'forest' ? { ...pipeline, predictor } : null;
}

/** What a model's contributions add up to. */
export function unitOf(pipeline: Explainable): Unit {
  if (pipeline.predictor.kind === 'forest') return 'probability';
  const units: Readonly<Record<Link, Unit>> = {
    logistic: 'log odds',
    softmax: 'score',
    exponential: 'logarithm of the prediction',
    identity: 'prediction',
  };
  return units[linkOf(pipeline)];
}

/** Whether the shares are undefined without a background. */
export function needsBackground({ predictor }: Explainable): boolean {
  return predictor.kind !== 'linear';
}

/** How one kind of model shares out its scores: `add` adds a chunk's rows to contributions of all rows. */
export interface Sharing {
  readonly base: Float64Array;
  readonly add: (chunk: EncodedChunk, contributions: Float64Array) => void;
}

/**
 * Explains a model's scores before their link: log odds, logarithms, probabilities of a forest, or the number. Trees
 * need a background, a linear model is centred on it if there is one.
 */
export function explainerOf(pipeline: Explainable, background: Background | null): Explainer {
  const players = playersOf(pipeline);
  const { base, add } = sharingOf(pipeline, players, background);
  const { names } = players;
  return {
    players: names,
    scores: base.length,
    explain: (table, rows) => {
      const contributions = new Float64Array(rows.length * base.length * names.length);
      for (const chunk of encodedChunks(pipeline, table, rows)) add(chunk, contributions);
      return { base, contributions };
    },
  };
}

function sharingOf(pipeline: Explainable, players: Players, background: Background | null): Sharing {
  const { predictor } = pipeline;
  if (predictor.kind === 'linear') return linearSharing(pipeline, predictor, players, background);
  if (background === null) throw new Error('trees are explained against a background');
  return treesSharing(pipeline, predictor, players, background);
}

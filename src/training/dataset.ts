import type { FeatureRecipe } from '../contracts/feature.ts';
import type { Task } from '../contracts/task.ts';
import type { RowStructure } from '../data/row-structure.ts';
import type { Table } from '../data/table.ts';
import type { ModelInput } from '../model/pipeline.ts';

/** Rows with a known target, ready to be trained on. */
export interface Dataset {
  readonly task: Task;
  /** Class labels sorted by code point, binary: [negative, positive]; empty for regression. */
  readonly classes: readonly string[];
  readonly table: Table;
  /** Columns that are features. */
  readonly inputs: readonly ModelInput[];
  /** Features that are computed from columns; absent where none are configured. */
  readonly engineered?: Engineered | undefined;
  /** Class index or number to predict. Length = table.rows. */
  readonly y: Float64Array;
  /** What each row counts for in training, above 0; absent where all count the same. Length = table.rows. */
  readonly weights?: Float64Array | undefined;
  /** What folds within the training rows must respect; composed trainers need it. */
  readonly structure?: RowStructure;
}

/** Engineered features, and the columns that only they read: inputs of a model, but no features of their own. */
export interface Engineered {
  readonly recipes: readonly FeatureRecipe[];
  readonly inputs: readonly ModelInput[];
}

/** Raised whenever a trainer's results change, so that older results are not taken for equal ones. */
export const trainingEngine = 3;

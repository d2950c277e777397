export const id = 297;
export const ids = [297];
export const modules = {

/***/ 24297:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   checkGitHub: () => (/* binding */ checkGitHub)
/* harmony export */ });
/* harmony import */ var _errors_user_error_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(31397);
/* harmony import */ var _platform_github_failures_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(85754);
/* harmony import */ var _finding_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(64351);



/** Rules that refuse what `publish` writes to the history branch. */
const refusesWrites = new Set([
    ...['creation', 'update', 'pull_request', 'required_status_checks', 'required_signatures'],
    ...['required_deployments', 'merge_queue', 'workflows', 'code_scanning'],
]);
/** Looks at the settings of the repository on GitHub; what the token may not see is said, and is no failure. */
async function checkGitHub(github, ledgerBranch, defaultBranch) {
    const { place } = github;
    const checks = [
        [
            'the default permissions of workflows',
            async ({ rest }) => {
                const { data } = await rest.actions.getGithubActionsDefaultWorkflowPermissionsRepository(place);
                return [defaultPermissions(data.default_workflow_permissions)];
            },
        ],
        [
            `the rules of the history branch ${ledgerBranch}`,
            async ({ rest }) => {
                const { data } = await rest.repos.getBranchRules({ ...place, branch: ledgerBranch, per_page: 100 });
                return [
                    branchRules(ledgerBranch, data.map(({ type }) => type)),
                ];
            },
        ],
        [
            'the rules of tags',
            async ({ rest }) => {
                const { data } = await rest.repos.getRepoRulesets({ ...place, targets: 'tag', per_page: 100 });
                return [tagRules(data.filter(({ enforcement }) => enforcement === 'active').map(({ name }) => name))];
            },
        ],
        [
            `the required checks of ${defaultBranch}`,
            async ({ rest }) => {
                const { data } = await rest.repos.getBranchRules({ ...place, branch: defaultBranch, per_page: 100 });
                const byRuleset = data.some(({ type }) => type === 'required_status_checks');
                if (byRuleset)
                    return [requiredCheck(defaultBranch, true)];
                const branch = (await rest.repos.getBranch({ ...place, branch: defaultBranch })).data;
                return [requiredCheck(defaultBranch, branch.protected)];
            },
        ],
    ];
    const found = [];
    for (const [what, look] of checks)
        found.push(...(await lookAt(github, what, look)));
    return found;
}
async function lookAt(github, what, look) {
    try {
        return await github.repeat({ what: `read ${what}`, permission: 'metadata: read' }, async (octokit) => ({
            ...{ status: 200, headers: {} },
            data: await look(octokit),
        }));
    }
    catch (error) {
        const hidden = error instanceof _platform_github_failures_js__WEBPACK_IMPORTED_MODULE_1__/* .Refusal */ .P_ || (error instanceof _errors_user_error_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo && error.code === 'PERMISSION_MISSING');
        if (hidden)
            return [(0,_finding_js__WEBPACK_IMPORTED_MODULE_2__/* .skipped */ .h)('github', `${what}: not visible with this token`)];
        if (error instanceof _errors_user_error_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo)
            return [(0,_finding_js__WEBPACK_IMPORTED_MODULE_2__/* .skipped */ .h)('github', `${what}: ${error.message}`)];
        throw error;
    }
}
function defaultPermissions(level) {
    if (level === 'read')
        return (0,_finding_js__WEBPACK_IMPORTED_MODULE_2__.ok)('github', 'jobs that name no permissions can only read');
    return {
        ...{ level: 'warn', check: 'github' },
        message: 'jobs that name no permissions get a token that can write',
        fix: 'Settings > Actions > General > Workflow permissions: read repository contents.',
    };
}
function branchRules(branch, types) {
    const refusing = types.filter((type) => refusesWrites.has(type));
    if (refusing.length === 0)
        return (0,_finding_js__WEBPACK_IMPORTED_MODULE_2__.ok)('github', `no rule keeps jobs from writing the history branch ${branch}`);
    return {
        ...{ level: 'warn', check: 'github' },
        message: `rules (${[...new Set(refusing)].join(', ')}) cover the history branch ${branch}: a promotion would be refused`,
        fix: `Leave ${branch} out of the ruleset, or put the app whose token the factory job uses on its bypass list.`,
    };
}
function tagRules(names) {
    if (names.length === 0)
        return (0,_finding_js__WEBPACK_IMPORTED_MODULE_2__.ok)('github', 'no ruleset covers tags');
    return {
        ...{ level: 'warn', check: 'github' },
        message: `rulesets cover tags (${names.join(', ')}): check that they let the factory job create <model>@v*`,
        fix: 'Leave <model>@v* out of them, or put the app whose token the factory job uses on their bypass list.',
    };
}
function requiredCheck(branch, required) {
    if (required)
        return (0,_finding_js__WEBPACK_IMPORTED_MODULE_2__.ok)('github', `${branch} is protected`);
    return {
        ...{ level: 'warn', check: 'github' },
        message: `nothing protects ${branch}: a pull request that the check blocks can be merged all the same`,
        fix: 'Settings > Rules: require the status check of the job `check` before a merge.',
    };
}


/***/ })

};

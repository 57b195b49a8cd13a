/* The whole REST surface, one list. */
import { routes as actions } from './rest_actions.js';
import { routes as app } from './rest_app.js';
import { routes as checks } from './rest_checks.js';
import { routes as deploy } from './rest_deploy.js';
import { routes as gitData } from './rest_git.js';
import { routes as issues } from './rest_issues.js';
import { routes as protect } from './rest_protect.js';
import { routes as pulls } from './rest_pulls.js';
import { routes as repos } from './rest_repos.js';
import { routes as setup } from './rest_setup.js';
import { routes as graphql } from './graphql.js';

export const routes = [
	...app,
	...repos,
	...gitData,
	...pulls,
	...issues,
	...checks,
	...actions,
	...deploy,
	...protect,
	...setup,
	...graphql,
];

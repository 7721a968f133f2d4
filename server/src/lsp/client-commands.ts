/** Shows the page of the rule that its one argument names. */
export const showRulePageCommand = 'ritual.showRulePage';

/**
 * Steps through the path of a finding. The client runs it, since the protocol knows no such view. Arguments: the URI and
 * the position of the finding, its message, and the steps as related information.
 */
export const showPathCommand = 'ritual.showPath';

/** Saves and shows a configuration file, whose URI is its argument, after an edit of it. The client runs it. */
export const showConfigurationCommand = 'ritual.showConfiguration';

/** Shows places in a peek view. The client runs it. Arguments: the URI and the position it opens at, and the locations. */
export const showPlacesCommand = 'ritual.showPlaces';

/** Checks every file of the workspace. Answers with a summary. The server runs it. */
export const checkWorkspaceCommand = 'ritual.checkWorkspace';

/** Takes the findings of files that are not open back. The server runs it. */
export const clearWorkspaceCommand = 'ritual.clearWorkspace';

/** Answers with lines of text for a report of a mistake. The server runs it. */
export const debugInformationCommand = 'ritual.debugInformation';

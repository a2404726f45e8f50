/** What an operator has a node run, and where applications read whom to write to. */
package topiary.app.hooks;

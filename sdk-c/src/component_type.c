/*
 * The generated bindings refer to this symbol so that an object file with the type of the world is linked in. Here the
 * build embeds the type of the component's own world into the finished module instead, which needs no binary in the
 * repository and lets one set of bindings serve several worlds.
 */
void __component_type_object_force_link_airssys_bindings(void);

void __component_type_object_force_link_airssys_bindings(void) {
}

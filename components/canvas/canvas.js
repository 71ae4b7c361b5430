function a(){}export{a as default};
